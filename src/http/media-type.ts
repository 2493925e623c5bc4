/** A Content-Type header read. */
export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly essence: string
  /** Parameters by their lower-case name; the first of two equal names wins. */
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Reads a Content-Type header. Gives `null` when there is none or when it is not a media type. A parameter without a
 * value is left out, and so is everything after one that breaks the grammar.
 * RFC 9110 §8.3.1, WHATWG MIME Sniffing §4.4
 */
export function readMediaType(header: string | null): MediaType | null {
  if (header === null) return null
  const [first = '', ...rest] = header.split(';')
  const essence = first.trim().toLowerCase()
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/.test(essence)) return null
  return { essence, parameters: rest.length === 0 ? noParameters : readParameters(rest.join(';')) }
}

const noParameters: ReadonlyMap<string, string> = new Map()

// parameter = token "=" ( token / quoted-string ); what has no equals sign is passed over, what is broken ends the list
const parameter = /\s*(?:([!#$%&'*+.^_`|~0-9a-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^";\s]*))\s*|[^;="]*)(?:;|$)/giy

function readParameters(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const [, name, quoted, plain = ''] of text.matchAll(parameter)) {
    if (name === undefined || parameters.has(name.toLowerCase())) continue
    parameters.set(name.toLowerCase(), quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'))
  }
  return parameters
}
