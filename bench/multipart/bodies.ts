/** A multipart body as it arrives, and what a decoder has to find in it. */
export interface Body {
  readonly chunks: readonly Buffer[]
  readonly contentType: string
  readonly boundary: string
  readonly expected: Tally
}

/** What a decoder found: enough to see that it did the work. */
export interface Tally {
  /** Fields that are no files. */
  fields: number
  files: number
  /** Characters of all names and texts. */
  characters: number
  /** Bytes of all files. */
  fileBytes: number
}

/** What each body is, in the order in which they are measured. */
export const bodies = {
  file: 'one file of 64 MiB, random bytes',
  lines: 'one file of 64 MiB, lines of text that end in CRLF',
  fields: '20,000 small fields',
  form: '12 fields and a photo of 300 KiB',
} as const

export type BodyName = keyof typeof bodies

const chunkBytes = 64 * 1024
const boundary = '----WebKitFormBoundaryq4Vn2sXc81LpTz0e'
const mebibyte = 1024 * 1024

/** Makes a body, the same each time, in chunks of 64 KiB as a socket delivers them at best. */
export function makeBody(name: BodyName): Body {
  switch (name) {
    case 'file':
      return bodyOf(0, Buffer.concat(new Array<Buffer>(64).fill(randomBytes(mebibyte))))
    case 'lines':
      return bodyOf(0, Buffer.alloc(64 * mebibyte, '2026-03-14;Ada Lovelace;12.50;"a line of text"\r\n'))
    case 'fields':
      return bodyOf(20_000, null)
    case 'form':
      return bodyOf(12, randomBytes(300 * 1024))
  }
}

function bodyOf(fields: number, file: Buffer | null): Body {
  const expected: Tally = { fields, files: file === null ? 0 : 1, characters: 0, fileBytes: file?.length ?? 0 }
  const parts: Buffer[] = []
  for (let index = 0; index < fields; index++) {
    const [name, text] = [`field_${index}`, `value number ${index}`]
    expected.characters += name.length + text.length
    parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`))
  }
  if (file !== null) {
    expected.characters += 'photo'.length
    const disposition = 'Content-Disposition: form-data; name="photo"; filename="IMG_2041.jpg"'
    parts.push(Buffer.from(`--${boundary}\r\n${disposition}\r\nContent-Type: image/jpeg\r\n\r\n`), file, lineEnd)
  }
  const whole = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
  const chunks: Buffer[] = []
  for (let from = 0; from < whole.length; from += chunkBytes) chunks.push(whole.subarray(from, from + chunkBytes))
  return { chunks, contentType: `multipart/form-data; boundary=${boundary}`, boundary, expected }
}

const lineEnd = Buffer.from('\r\n')

// xorshift32, so that every process decodes the same bytes.
function randomBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 0x9e3779b9
  for (let index = 0; index < length; index += 4) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes.writeInt32LE(state, index)
  }
  return bytes
}
