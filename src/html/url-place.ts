/**
 * Where in a URL a value stands: at the beginning, after a slash, elsewhere in the path, after `?` or `#`.
 */
export type UrlPlace = 'start' | 'segment' | 'path' | 'query'

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

/**
 * A value made fit for its place in a URL (not yet escaped for the attribute around it).
 *
 * - `start`: kept as it is if its scheme is http, https, mailto, tel, sms or absent; else `about:invalid#blocked`.
 * - `segment`: as `path`, and leading slashes are percent-encoded, so that `href="/${name}"` cannot become
 *   `//elsewhere.example`.
 * - `path`: characters that cannot stand in a path are percent-encoded; a leading double slash loses its meaning.
 * - `query`: percent-encoded as one name or value.
 */
export function fitUrl(value: string, place: UrlPlace): string {
  switch (place) {
    case 'start':
      return isSafeUrl(value) ? value : blockedUrl
    case 'segment':
      return encodePath(value).replace(/^\/+/, encodeURIComponent)
    case 'path':
      return encodePath(value).replace(/^\/{2,}/, (slashes) => `/${encodeURIComponent(slashes.slice(1))}`)
    case 'query':
      return encodeURIComponent(value.toWellFormed())
  }
}

// Browsers drop tab, LF and CR inside a URL and C0 controls and spaces before it, so `java\nscript:` is a scheme too.
// WHATWG URL §4.4 step 1 and 3
function isSafeUrl(value: string): boolean {
  const scheme = /^[^a-z0-9/?#&%:]*([a-z][a-z0-9+.-]*):/i.exec(value.replace(/[\t\n\r]/g, ''))?.[1]
  return scheme === undefined || safeSchemes.has(scheme.toLowerCase())
}

const safeSchemes: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel', 'sms'])

// What is percent-encoded already stays as it is.
function encodePath(value: string): string {
  return encodeURI(value.toWellFormed())
    .replace(/%25([0-9a-f]{2})/gi, '%$1')
    .replace(/[?#]/g, encodeURIComponent)
}
