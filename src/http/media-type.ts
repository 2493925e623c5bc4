/** A Content-Type header read. */
export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly essence: string
  /** Parameters by their lower-case name; the first of two equal names wins. */
  readonly parameters: ReadonlyMap<string, string>
  /** Lower-case names of the parameters that were given more than once. */
  readonly repeated: ReadonlySet<string>
  /** Whether the header breaks the grammar behind its type: what comes from there on was left out. */
  readonly isBroken: boolean
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
  return { essence, ...(rest.length === 0 ? none : readParameters(rest.join(';'))) }
}

type Parameters = Omit<MediaType, 'essence'>

const none: Parameters = { parameters: new Map(), repeated: new Set(), isBroken: false }

// parameter = token "=" ( token / quoted-string ); what has no equals sign is passed over, what is broken ends the list
const parameter = /\s*(?:([!#$%&'*+.^_`|~0-9a-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^";\s]*))\s*|[^;="]*)(?:;|$)/giy

function readParameters(text: string): Parameters {
  const parameters = new Map<string, string>()
  const repeated = new Set<string>()
  let readTo = 0
  for (const { index, 0: matched, 1: name, 2: quoted, 3: plain = '' } of text.matchAll(parameter)) {
    readTo = index + matched.length
    const lowerName = name?.toLowerCase()
    if (lowerName === undefined) continue
    if (parameters.has(lowerName)) repeated.add(lowerName)
    else parameters.set(lowerName, quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'))
  }
  return { parameters, repeated, isBroken: readTo < text.length }
}
