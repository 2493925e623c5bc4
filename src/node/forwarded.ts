import { isIP } from 'node:net'
import { isHost } from './framing.ts'
import type { PlainReason } from './plain-answer.ts'
import type { Trust } from './trust-proxy.ts'

/** What proxies say about a request: the values of `X-Forwarded-For`, `-Proto` and `-Host`, each as one list. */
export interface ForwardedHeaders {
  readonly for: string | undefined
  readonly proto: string | undefined
  readonly host: string | undefined
}

/** Where a request comes from, and how it was asked, as far as those in front are believed. */
export type Forwarding =
  /** Nobody in front is believed. */
  | { readonly kind: 'direct' }
  | {
      readonly kind: 'forwarded'
      /** The address of the client; that of the peer if the proxies say none. */
      readonly client: string
      /** `null` if they do not say. */
      readonly protocol: 'http:' | 'https:' | null
      readonly host: string | null
    }
  | { readonly kind: 'refused'; readonly reason: PlainReason }

/**
 * Reads what the believed proxies say. Each of them adds a value at the right end of a list, so of every list the
 * value counts that the outermost believed proxy added, or the leftmost if there are fewer; what stands further left
 * comes from the client. `Forwarded` (RFC 7239) is not read: a proxy that does not set it lets the client's pass.
 */
export function readForwarded(headers: ForwardedHeaders, peer: string, trust: Trust): Forwarding {
  const clients = valuesOf(headers.for)
  const proxies = proxiesInFront(clients, peer, trust)
  if (proxies === 0) return { kind: 'direct' }
  const proto = pick(valuesOf(headers.proto), proxies)?.toLowerCase()
  if (proto !== undefined && proto !== 'http' && proto !== 'https') {
    return { kind: 'refused', reason: 'forwarded-proto-malformed' }
  }
  const host = pick(valuesOf(headers.host), proxies)
  if (host !== undefined && !isHost(host)) return { kind: 'refused', reason: 'forwarded-host-malformed' }
  const client = addressIn(pick(clients, proxies))
  return {
    kind: 'forwarded',
    client: client ?? peer,
    protocol: proto === undefined ? null : `${proto}:`,
    host: host ?? null,
  }
}

// By addresses: the peer, and everybody in front of it up to the first who is not believed.
function proxiesInFront(clients: readonly string[], peer: string, trust: Trust): number {
  switch (trust.kind) {
    case 'nobody':
      return 0
    case 'count':
      return trust.proxies
    case 'addresses': {
      if (!trust.has(peer)) return 0
      let proxies = 1
      for (let at = clients.length - 1; at > 0 && isAmong(clients[at], trust.has); at--) proxies += 1
      return proxies
    }
  }
}

function isAmong(said: string | undefined, has: (address: string) => boolean): boolean {
  const address = addressIn(said)
  return address !== null && has(address)
}

function pick(values: readonly string[], proxies: number): string | undefined {
  return values[Math.max(0, values.length - proxies)]
}

// RFC 9110 §5.6.1: a list may have empty members, which mean nothing.
function valuesOf(list: string | undefined): readonly string[] {
  return (list ?? '').split(',').flatMap((value) => value.trim() || [])
}

// Some proxies add the port: 192.0.2.1:4711, [2001:db8::1]:4711.
function addressIn(said: string | undefined): string | null {
  const bare = said?.replace(/^\[([^\]]*)\](?::\d+)?$/, '$1').replace(/^([^:]*):\d+$/, '$1')
  return bare !== undefined && isIP(bare) !== 0 ? bare : null
}
