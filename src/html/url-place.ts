/** Attributes whose value is a URL that a browser follows, loads or sends to.  WHATWG HTML, index of attributes */
export const urlAttributes: ReadonlySet<string> = new Set([
  'action',
  'background',
  'cite',
  'data',
  'formaction',
  'href',
  'icon',
  'longdesc',
  'manifest',
  'ping',
  'poster',
  'src',
  'srcset',
  'xlink:href',
])

/** What stands in the page instead of a URL that would run a script. It is a page that never loads. */
export const blockedUrl = 'about:invalid#blocked'

/** Where in a URL a value stands. */
export type UrlPlace =
  | { readonly kind: 'start' | 'script' | 'query' | 'segment' | 'path' | 'first-segment' | 'nowhere' }
  /** `host`: what of the host stands there already. */
  | { readonly kind: 'host'; readonly host: string }

/** The place of a value that is a whole URL, or its beginning. */
export const urlStart: UrlPlace = { kind: 'start' }

/** The place in a URL after what stands there already. A scheme, a host, a double slash can be made of several values. */
export function placeAfter(written: string): UrlPlace {
  const before = asBrowsersRead(written)
  if (before === '') return urlStart
  if (/^(?:javascript|vbscript|data):/i.test(before)) return { kind: 'script' }
  if (/[?#]/.test(before)) return { kind: 'query' }
  const host = /^(?:[a-z][a-z0-9+.-]*:)?[/\\]{2,}([^/\\]*)$/i.exec(before)?.[1]
  if (host !== undefined) return { kind: 'host', host }
  if (/[/\\]$/.test(before)) return { kind: 'segment' }
  return { kind: /[/\\:]/.test(before) ? 'path' : 'first-segment' }
}

/** The same where values stand before, around `text` of the template. Slashes that come together by chance name no host. */
export function placeAfterValues(written: string, text: string): UrlPlace {
  const isChance = /^[/\\]{2,}$/.test(asBrowsersRead(written)) && !/[/\\]{2}/.test(text)
  return isChance ? { kind: 'nowhere' } : placeAfter(written)
}

/**
 * A value made fit for its place in a URL (not yet escaped for the attribute around it).
 *
 * - `start`: kept as it is if its scheme is http, https, mailto, tel, sms or absent; else `about:invalid#blocked`.
 * - `script`, after `javascript:` and its like: nothing.
 * - `host`: it cannot end the host; after a host that is complete it begins a path.
 * - `segment`, after a slash: as `path`, and leading slashes are percent-encoded, so that `href="/${name}"` cannot
 *   become `//elsewhere.example`.
 * - `path`: characters that cannot stand in a path are percent-encoded. `first-segment`: colons too, as no slash
 *   before them says that they end no scheme.
 * - `nowhere`, as in `href="/${''}/${name}"`: a query after no host, which is no URL and leads nowhere.
 * - `query`, after `?` or `#`: percent-encoded as one name or value.
 */
export function fitUrl(value: string, place: UrlPlace): string {
  switch (place.kind) {
    case 'start':
      return isSafeUrl(value) ? value : blockedUrl
    case 'script':
      return ''
    case 'query':
      return encodeURIComponent(value.toWellFormed())
    case 'nowhere':
      return `?${encodeURIComponent(value.toWellFormed())}`
    case 'host':
      return continueHost(value, place.host)
    case 'segment':
      return encodePath(value).replace(/^\/+/, encodeURIComponent)
    case 'path':
      return encodePath(value)
    case 'first-segment':
      return encodePath(value).replaceAll(':', '%3A')
  }
}

// Browsers drop tab, LF and CR inside a URL and C0 controls and spaces before it, so `java\nscript:` is a scheme too.
// WHATWG URL §4.4 step 1 and 3
function asBrowsersRead(url: string): string {
  return url.replace(/[\t\n\r]/g, '').replace(/^[\0-\x20]+/, '')
}

function isSafeUrl(value: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(asBrowsersRead(value))?.[1]
  return scheme === undefined || safeSchemes.has(scheme.toLowerCase())
}

const safeSchemes: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel', 'sms'])

// `https://a.example${path}` must not become `https://a.example.elsewhere.example` or `https://a.example@elsewhere.example`.
function continueHost(value: string, host: string): string {
  const isComplete = /[^.:@-]$/.test(host) && !/^\d*$/.test(value)
  if (!isComplete) return encodeURIComponent(value.toWellFormed()).replace(/%(?:3A|5B|5D)/g, decodeURIComponent)
  return value.startsWith('/') ? encodePath(value) : `/${encodePath(value)}`
}

// What is percent-encoded already stays as it is.
function encodePath(value: string): string {
  return encodeURI(value.toWellFormed())
    .replace(/%25([0-9a-f]{2})/gi, '%$1')
    .replace(/[?#]/g, encodeURIComponent)
}
