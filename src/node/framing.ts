/** The head of a request as it stood on the wire. */
export interface Head {
  readonly method: string
  /** The request target, untouched. */
  readonly target: string
  /** Names and values in turn, as Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[]
  readonly httpVersion: string
}

/** Whether a head says plainly which resource of which host is meant. */
export type FramingVerdict =
  | { readonly kind: 'plain' }
  /** `OPTIONS *`: about the server as a whole.  RFC 9110 §9.3.7 */
  | { readonly kind: 'server-wide' }
  | {
      readonly kind: 'refused'
      readonly reason: 'host-missing' | 'host-repeated' | 'host-malformed' | 'target-malformed' | 'host-differs'
    }

/**
 * Judges what Node lets through and nobody should have to guess about: several Host headers, a Host that is no host,
 * an absolute target for another host than the Host header names, `*` for anything but OPTIONS.
 * RFC 9112 §3.2, RFC 9110 §7.2
 */
export function judgeFraming({ method, target, rawHeaders, httpVersion }: Head): FramingVerdict {
  const [host, second] = hostsOf(rawHeaders)
  if (second !== undefined) return { kind: 'refused', reason: 'host-repeated' }
  if (host === undefined)
    return httpVersion === '1.0' ? judgeTarget(method, target, '') : { kind: 'refused', reason: 'host-missing' }
  if (!isHost(host)) return { kind: 'refused', reason: 'host-malformed' }
  return judgeTarget(method, target, host)
}

function hostsOf(rawHeaders: readonly string[]): readonly string[] {
  const hosts: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts.push(rawHeaders[at + 1] ?? '')
  }
  return hosts
}

function judgeTarget(method: string, target: string, host: string): FramingVerdict {
  if (target.startsWith('/')) return { kind: 'plain' }
  if (target === '*')
    return method === 'OPTIONS' ? { kind: 'server-wide' } : { kind: 'refused', reason: 'target-malformed' }
  const url = /^https?:\/\//i.test(target) && URL.canParse(target) ? new URL(target) : null
  if (url === null || url.username !== '' || url.password !== '') return { kind: 'refused', reason: 'target-malformed' }
  return isSameHost(url, host) ? { kind: 'plain' } : { kind: 'refused', reason: 'host-differs' }
}

// What the pattern lets through and no URL can have: a port above 65535, an address such as 1.2.3.4.5.
// Host = uri-host [ ":" port ]: a name, an IPv4 address, or an IPv6 address in brackets
function isHost(host: string): boolean {
  return (
    /^(?:\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::\d{1,5})?$/i.test(host) && URL.canParse(`http://${host}`)
  )
}

function isSameHost(url: URL, host: string): boolean {
  const asked = `${url.protocol}//${host}`
  return URL.canParse(asked) && new URL(asked).host === url.host
}
