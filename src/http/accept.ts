/**
 * Whether a client would rather have JSON than an HTML page, by its Accept header: it names a JSON type,
 * and no HTML type with at least the same weight. A missing header or a bare wildcard means HTML.
 * RFC 9110 §12.5.1
 */
export function prefersJson(accept: string | null): boolean {
  if (accept === null || !/json/i.test(accept)) return false
  let json = 0
  let page = 0
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const weight = weightOf(parameters)
    if (type === 'application/json' || type.endsWith('+json')) json = Math.max(json, weight)
    if (type === 'text/html' || type === 'application/xhtml+xml') page = Math.max(page, weight)
  }
  return json > page
}

function weightOf(parameters: readonly string[]): number {
  const written = parameters.find((parameter) => parameter.startsWith('q='))
  if (written === undefined) return 1
  const weight = Number(written.slice(2))
  return Number.isNaN(weight) ? 1 : weight
}
