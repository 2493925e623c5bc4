/** The head of a request as it stood on the wire. */
export interface Head {
  readonly method: string
  /** The request target, untouched. */
  readonly target: string
  /** Names and values in turn, as Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[]
  readonly httpVersion: string
}

/** Whether a head says plainly which resource of which host is meant, and where its body ends. */
export type FramingVerdict =
  | { readonly kind: 'plain' }
  /** `OPTIONS *`: about the server as a whole.  RFC 9110 §9.3.7 */
  | { readonly kind: 'server-wide' }
  | { readonly kind: 'refused'; readonly reason: FramingReason }

/** What is wrong with a head. */
export type FramingReason =
  | 'version-unknown'
  | 'target-too-long'
  | 'headers-too-many'
  | 'headers-too-large'
  | 'coding-with-1.0'
  | 'coding-without-end'
  | 'coding-unknown'
  | 'host-missing'
  | 'host-repeated'
  | 'host-malformed'
  | 'host-differs'
  | 'target-malformed'

/** How large a head may be. */
export interface HeadLimits {
  /** Longest request target, in bytes. */
  readonly targetBytes: number
  /** Most bytes of all headers: names, values and line ends together. */
  readonly headerBytes: number
  /** Most headers. */
  readonly headers: number
}

/** The limits in force: 16 KiB, 16 KiB, and 100. */
export const headLimits: HeadLimits = { targetBytes: 16 * 1024, headerBytes: 16 * 1024, headers: 100 }

/**
 * Judges what Node lets through and nobody should have to guess about: several Host headers, a Host that is no host,
 * an absolute target for another host than the Host header names, `*` for anything but OPTIONS, codings of the
 * transfer besides `chunked`, versions besides 1.0 and 1.1, and heads that are too large.  RFC 9112 §2.3, §3.2, §6.1
 */
export function judgeFraming({ method, target, rawHeaders, httpVersion }: Head): FramingVerdict {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return refused('version-unknown')
  if (target.length > headLimits.targetBytes) return refused('target-too-long')
  const { hosts, codings, bytes } = survey(rawHeaders)
  if (rawHeaders.length > 2 * headLimits.headers) return refused('headers-too-many')
  if (bytes > headLimits.headerBytes) return refused('headers-too-large')
  if (codings.length > 0 && httpVersion === '1.0') return refused('coding-with-1.0')
  if (codings.length > 0) {
    const names = codings.join().toLowerCase().split(',')
    if (names.at(-1)?.trim() !== 'chunked') return refused('coding-without-end')
    if (names.length > 1) return refused('coding-unknown')
  }
  const [host, second] = hosts
  if (second !== undefined) return refused('host-repeated')
  if (host === undefined) return httpVersion === '1.0' ? judgeTarget(method, target, '') : refused('host-missing')
  if (!isHost(host)) return refused('host-malformed')
  return judgeTarget(method, target, host)
}

function refused(reason: FramingReason): FramingVerdict {
  return { kind: 'refused', reason }
}

interface Survey {
  readonly hosts: readonly string[]
  readonly codings: readonly string[]
  /** Of all lines, each with `: ` and CRLF. */
  readonly bytes: number
}

function survey(rawHeaders: readonly string[]): Survey {
  const hosts: string[] = []
  const codings: string[] = []
  let bytes = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    const value = rawHeaders[at + 1] ?? ''
    bytes += name.length + value.length + 4
    if (name.length === 4 && name.toLowerCase() === 'host') hosts.push(value)
    if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') codings.push(value)
  }
  return { hosts, codings, bytes }
}

function judgeTarget(method: string, target: string, host: string): FramingVerdict {
  if (target.includes('#')) return refused('target-malformed')
  if (target.startsWith('/')) return { kind: 'plain' }
  if (target === '*') return method === 'OPTIONS' ? { kind: 'server-wide' } : refused('target-malformed')
  const url = /^https?:\/\//i.test(target) && URL.canParse(target) ? new URL(target) : null
  if (url === null || url.username !== '' || url.password !== '') return refused('target-malformed')
  return isSameHost(url, host) ? { kind: 'plain' } : refused('host-differs')
}

// Nearly all requests are for the host of the one before.
let lastHost: string | undefined

/** Whether a text is a host with or without a port.  RFC 9110 §7.2 */
export function isHost(host: string): boolean {
  if (host !== lastHost && !looksLikeHost(host)) return false
  lastHost = host
  return true
}

function looksLikeHost(host: string): boolean {
  // Host = uri-host [ ":" port ]: a name, an IPv4 address, or an IPv6 address in brackets
  const hasItsShape = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::\d{1,5})?$/i.test(host)
  return hasItsShape && URL.canParse(`http://${host}`) // no port above 65535, no address such as 1.2.3.4.5
}

function isSameHost(url: URL, host: string): boolean {
  const asked = `${url.protocol}//${host}`
  return URL.canParse(asked) && new URL(asked).host === url.host
}
