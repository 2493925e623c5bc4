import type { ErrorCode } from '../errors/table.ts'
import type { FormLimits } from '../http/limits.ts'
import { MultipartDecoder } from '../http/multipart.ts'
import type { PartEvent, PartHead, PartRefused } from '../http/part-event.ts'
import type { Entry } from '../http/urlencoded.ts'
import type { Depot } from '../upload/depot.ts'
import { IncomingFile } from '../upload/incoming-file.ts'
import { UploadedFile } from '../upload/uploaded-file.ts'
import type { CutFile } from './cut-file.ts'
import { TextPart } from './text-part.ts'

/** What a multipart form says: texts, and files that lie in the depot. */
export interface Posted {
  readonly kind: 'posted'
  /** The texts, in the order sent. */
  readonly entries: readonly Entry[]
  /** The files, in the order sent; a file that is larger than allowed is cut, and its bytes are gone. */
  readonly files: readonly PostedFile[]
  /** The limit that was broken, if one was: then this is what had been read until there. */
  readonly excess: Excess | null
}

/** A file under the name of its field. */
export type PostedFile = readonly [name: string, file: UploadedFile | CutFile]

/** A limit that was broken. */
export interface Excess {
  readonly code: ErrorCode
  readonly detail: string
}

/** What a multipart form is read with. */
export interface MultipartReading {
  readonly boundary: string
  readonly limits: FormLimits
  readonly depot: Depot
  /** The largest file that the form takes under a name, in bytes; `Infinity` if it does not say. */
  readonly mostBytesOf: (name: string) => number
}

/**
 * Reads a multipart form while it arrives: texts into memory, files into the depot, each piece before the next one is
 * asked for. A file over a limit is let go, and reading goes on: what else was filled in is not lost. Whatever breaks
 * off the reading, files that came are removed. Rejects when the client goes away.
 */
export async function readMultipart(
  chunks: AsyncIterable<Uint8Array>,
  reading: MultipartReading,
): Promise<Posted | PartRefused> {
  const reader = new MultipartReader(reading)
  try {
    const refused = await reader.readAll(chunks)
    if (refused === null) return reader.posted()
    if (!isExcess(refused)) {
      await reader.discard()
      return refused
    }
    await reader.breakOff()
    return reader.posted(refused)
  } catch (error) {
    await reader.discard()
    throw error
  }
}

/** Removes posted files from their depot. What was moved or kept stays. */
export async function discardFiles(files: readonly PostedFile[]): Promise<void> {
  for (const [, file] of files) if (file instanceof UploadedFile) await UploadedFile.storedOf(file).discard()
}

// A limit may be broken by somebody who means well; what is malformed was made by no form.
function isExcess({ code }: PartRefused): boolean {
  return code !== 'form/multipart-malformed' && code !== 'form/not-utf8'
}

class MultipartReader {
  readonly #reading: MultipartReading
  readonly #decoder: MultipartDecoder
  readonly #entries: Entry[] = []
  readonly #files: PostedFile[] = []
  #head: PartHead | null = null
  #text: TextPart | null = null
  #file: IncomingFile | null = null
  #cutAtBytes: number | null = null
  #fileCount = 0
  #bytes = 0
  #textBytes = 0
  #excess: Excess | null = null

  constructor(reading: MultipartReading) {
    this.#reading = reading
    this.#decoder = new MultipartDecoder(reading.boundary, reading.limits)
  }

  async readAll(chunks: AsyncIterable<Uint8Array>): Promise<PartRefused | null> {
    const { multipartBytes } = this.#reading.limits
    for await (const chunk of chunks) {
      const left = multipartBytes - this.#bytes
      this.#bytes += chunk.length
      const wrong = await this.#takeAll(this.#decoder.push(chunk.length <= left ? chunk : chunk.subarray(0, left)))
      if (wrong !== null) return wrong
      if (chunk.length > left) {
        return refused('form/multipart-too-large', `The body has more than ${multipartBytes} bytes.`)
      }
    }
    return this.#decoder.finish()
  }

  posted(excess: Excess | null = this.#excess): Posted {
    return { kind: 'posted', entries: this.#entries, files: this.#files, excess }
  }

  /** Breaks off: the part that was being read is forgotten, but that it was too large is still told. */
  async breakOff(): Promise<void> {
    await this.#letGo()
    this.#tellCut()
  }

  /** Forgets everything. */
  async discard(): Promise<void> {
    await this.#letGo()
    await discardFiles(this.#files)
    this.#files.length = 0
  }

  async #takeAll(events: readonly PartEvent[]): Promise<PartRefused | null> {
    for (const event of events) {
      const taken = this.#take(event)
      const wrong = taken instanceof Promise ? await taken : taken // most events have nothing to wait for
      if (wrong !== null) return wrong
    }
    return null
  }

  #take(event: PartEvent): PartRefused | null | Promise<PartRefused | null> {
    switch (event.kind) {
      case 'part':
        return this.#begin(event.head)
      case 'data':
        return this.#text === null ? this.#addToFile(event.bytes) : this.#addToText(this.#text, event.bytes)
      case 'end':
        return this.#text === null ? this.#endFile() : this.#endText(this.#text)
      case 'refused':
        return event
    }
  }

  #begin(head: PartHead): PartRefused | null {
    this.#head = head
    this.#file = null
    this.#cutAtBytes = null
    this.#text = head.filename === null ? new TextPart() : null
    const { fields } = this.#reading.limits
    if (this.#text === null || this.#entries.length < fields) return null
    return refused('form/too-many-fields', `The form has more than ${fields} fields.`)
  }

  #addToText(text: TextPart, bytes: Uint8Array): PartRefused | null {
    const { fieldBytes, bodyBytes } = this.#reading.limits
    this.#textBytes += bytes.length
    if (text.length + bytes.length > fieldBytes) {
      return refused('form/field-too-large', `The field ${this.#quotedName()} has more than ${fieldBytes} bytes.`)
    }
    if (this.#textBytes > bodyBytes) {
      return refused('form/body-too-large', `The fields that are no files have more than ${bodyBytes} bytes.`)
    }
    text.push(bytes)
    return null
  }

  #endText(part: TextPart): PartRefused | null {
    const text = part.text()
    if (text === null) {
      return refused('form/not-utf8', `The field ${this.#quotedName()} has bytes that are not UTF-8.`)
    }
    this.#entries.push([this.#head?.name ?? '', text])
    return null
  }

  async #addToFile(bytes: Uint8Array): Promise<null> {
    if (this.#cutAtBytes !== null || bytes.length === 0) return null
    this.#file ??= await this.#beginFile()
    const most = this.#mostBytes()
    if (this.#file === null) return null
    if (this.#file.length + bytes.length <= most) {
      await this.#file.write(bytes)
      return null
    }
    await this.#letGo()
    this.#cutAtBytes = most
    if (most === this.#reading.limits.fileBytes) {
      this.#exceed('form/file-too-large', `The file of the field ${this.#quotedName()} has more than ${most} bytes.`)
    }
    return null
  }

  // One that is too many is let go like one that is too large.
  async #beginFile(): Promise<IncomingFile | null> {
    const { files } = this.#reading.limits
    this.#fileCount += 1
    if (this.#fileCount <= files) return new IncomingFile(await this.#reading.depot.receive())
    this.#cutAtBytes = 0
    this.#exceed('form/too-many-files', `The form has more than ${files} files.`)
    return null
  }

  #mostBytes(): number {
    return Math.min(this.#reading.limits.fileBytes, this.#reading.mostBytesOf(this.#head?.name ?? ''))
  }

  // A file input in which nothing was chosen sends an empty file without a name.  WHATWG HTML §4.10.21.4
  async #endFile(): Promise<null> {
    const { name = '', filename, type } = this.#head ?? {}
    if (this.#file === null && this.#cutAtBytes === null && filename !== '') this.#file = await this.#beginFile()
    if (this.#file !== null) {
      const file = await this.#file.finish(filename ?? '', (type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '')
      this.#file = null
      this.#files.push([name, file])
    } else this.#tellCut()
    return null
  }

  #tellCut(): void {
    if (this.#cutAtBytes === null || this.#cutAtBytes === 0) return
    const { name = '', filename } = this.#head ?? {}
    this.#files.push([name, { kind: 'cut', name: filename ?? '', maxBytes: this.#cutAtBytes }])
    this.#cutAtBytes = null
  }

  async #letGo(): Promise<void> {
    await this.#file?.discard()
    this.#file = null
  }

  #exceed(code: ErrorCode, detail: string): void {
    this.#excess ??= { code, detail }
  }

  #quotedName(): string {
    return JSON.stringify(this.#head?.name ?? '')
  }
}

function refused(code: ErrorCode, detail: string): PartRefused {
  return { kind: 'refused', code, detail }
}
