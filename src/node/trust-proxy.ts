import { DewarError } from '../errors/dewar-error.ts'

/** Which proxies in front of the app may say with `X-Forwarded-*` how it was asked: none, those on this machine, or those at these addresses. */
export type TrustProxy = false | 'loopback' | readonly string[]

/** Throws `app/option-invalid` for what is no such answer; `true` would believe everybody. */
export function readTrustProxy(trusted: TrustProxy = false): TrustProxy {
  if (trusted === false || trusted === 'loopback') return trusted
  if (Array.isArray(trusted) && trusted.every((address) => typeof address === 'string')) return trusted
  throw new DewarError(
    'app/option-invalid',
    `trustProxy is ${JSON.stringify(trusted)}; it may be false, "loopback" or a list of addresses.`,
  )
}
