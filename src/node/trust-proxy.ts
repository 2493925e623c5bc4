import { BlockList, isIP } from 'node:net'
import { DewarError } from '../errors/dewar-error.ts'

/**
 * Which proxies in front of the app may say with `X-Forwarded-For`, `-Proto` and `-Host` how it was asked: none (`false`
 * or 0), so many of them, those on this machine, or those at these addresses. With a number every request has to come
 * by way of that many proxies: who can reach the app past them is believed like the last one.
 */
export type TrustProxy = false | number | 'loopback' | readonly string[]

/** Whom to believe, as it is asked for each request. */
export type Trust =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'count'; readonly proxies: number }
  | { readonly kind: 'addresses'; readonly has: (address: string) => boolean }

/**
 * Throws `app/option-invalid` for what is no such answer: `true`, which would believe everybody, a number that is not
 * whole or below 0, a name where an address should be.
 */
export function readTrustProxy(trusted: TrustProxy = false): Trust {
  if (trusted === false || trusted === 0) return { kind: 'nobody' }
  if (typeof trusted === 'number' && Number.isSafeInteger(trusted) && trusted > 0) {
    return { kind: 'count', proxies: trusted }
  }
  if (trusted === 'loopback') return among(loopback)
  if (Array.isArray(trusted) && trusted.every((address) => isIP(address) !== 0)) return among(listOf(trusted))
  throw new DewarError(
    'app/option-invalid',
    `trustProxy is ${Array.isArray(trusted) ? JSON.stringify(trusted) : String(trusted)}; it may be false, a number of proxies, "loopback" or a list of IP addresses.`,
  )
}

function among(list: BlockList): Trust {
  return { kind: 'addresses', has: (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') }
}

// It knows all spellings of an address, an IPv4 address within IPv6 among them.
function listOf(addresses: readonly string[]): BlockList {
  const list = new BlockList()
  for (const address of addresses) list.addAddress(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return list
}

// RFC 1122 §3.2.1.3, RFC 4291 §2.5.3
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether an address is of this machine itself. */
export function isLoopbackAddress(address: string): boolean {
  return isIP(address) !== 0 && loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
