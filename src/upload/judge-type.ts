import { DewarError } from '../errors/dewar-error.ts'

/** How many bytes from the start of a file its type is judged by. */
export const sampleBytes = 4100

/**
 * Judges what a file is by its content. What a client says counts for one thing only: which kind of text a text is.
 * Content that begins like a known format is of that format; the rest is `application/octet-stream`.
 * Throws `upload/sniffer-missing` if the package `file-type`, which knows the formats, is not installed.
 */
export async function judgeType(
  sample: Uint8Array,
  { isText, claimed }: { readonly isText: boolean; readonly claimed: string },
): Promise<string> {
  const sniffed = await sniff(sample)
  if (!isText) return sniffed ?? 'application/octet-stream'
  // A letter that begins with “BM” is no bitmap: only formats that are written as text are believed of a text.
  if (sniffed !== null && textFormats.has(sniffed)) return sniffed
  return kindsOfText.test(claimed) ? claimed : 'text/plain'
}

const textFormats: ReadonlySet<string> = new Set(['application/pdf', 'application/rtf', 'application/postscript'])

// What cannot be told apart by content, because all of it is text.
const kindsOfText =
  /^(?:text\/[\w.+-]+|application\/(?:json|xml|javascript|sql|yaml|toml|x-ndjson)|[a-z]+\/[\w.-]+\+(?:json|xml))$/

async function sniff(sample: Uint8Array): Promise<string | null> {
  const { fileTypeFromBuffer } = await fileTypes()
  try {
    return (await fileTypeFromBuffer(sample))?.mime ?? null
  } catch {
    return null // a file that begins like a format and then breaks off is of no known type
  }
}

/** Finds the package that knows the formats. Throws `upload/sniffer-missing` if it is not installed. */
export async function fileTypes(): Promise<typeof import('file-type')> {
  try {
    return await import('file-type')
  } catch (cause) {
    throw new DewarError('upload/sniffer-missing', undefined, { cause })
  }
}

/** Tells whether bytes that come in pieces are text: valid UTF-8 without control characters but tab and line ends. */
export class TextJudge {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #isText = true

  /** Takes the next piece. */
  push(bytes: Uint8Array): void {
    if (this.#isText) this.#isText = this.#isTextSoFar(bytes, true)
  }

  /** Whether all of it was text. Empty content is. */
  finish(): boolean {
    return this.#isText && this.#isTextSoFar(new Uint8Array(), false)
  }

  #isTextSoFar(bytes: Uint8Array, stream: boolean): boolean {
    try {
      return !controls.test(this.#decoder.decode(bytes, { stream }))
    } catch {
      return false
    }
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000e-\u001f\u007f]/
