import { Busboy as FastifyBusboy } from '@fastify/busboy'
import { MultipartParser } from '@remix-run/multipart-parser'
import busboy from 'busboy'
import { decodeField, make } from 'multipasta'
import { defaultLimits } from '../../src/http/limits.ts'
import { MultipartDecoder } from '../../src/http/multipart.ts'
import { utf8Text } from '../../src/http/utf8-text.ts'
import type { Body, Tally } from './bodies.ts'

/**
 * The decoders. Each gets the chunks one after the other, keeps name and text of every field, and counts the bytes of
 * files as they come. Limits that the bodies would break are lifted for all.
 */
export const decoders: Readonly<Record<string, (body: Body) => Promise<Tally>>> = {
  dewar: async ({ chunks, boundary }) => {
    const found = new Found()
    const decoder = new MultipartDecoder(boundary, { ...defaultLimits, parts: none })
    let name = ''
    let isFile = false
    let value: Uint8Array | null = null // a view of the chunk, which nobody overwrites here
    for (const chunk of chunks) {
      for (const event of decoder.push(chunk)) {
        switch (event.kind) {
          case 'part':
            name = event.head.name
            isFile = event.head.filename !== null
            value = null
            break
          case 'data':
            if (isFile) found.addBytes(event.bytes)
            else value = value === null ? event.bytes : Buffer.concat([value, event.bytes])
            break
          case 'end':
            if (isFile) found.addFile(name)
            else found.addField(name, value === null ? '' : strictText(value))
            break
          case 'refused':
            throw new Error(event.detail)
        }
      }
    }
    const refusal = decoder.finish()
    if (refusal !== null) throw new Error(refusal.detail)
    return found.tally()
  },

  busboy: ({ chunks, contentType }) =>
    new Promise((resolve, reject) => {
      const found = new Found()
      const parser = busboy({ headers: { 'content-type': contentType }, limits })
      parser.on('field', (name, text) => found.addField(name, text))
      parser.on('file', (name, stream) => {
        stream.on('data', (bytes: Buffer) => found.addBytes(bytes))
        stream.on('end', () => found.addFile(name))
      })
      parser.on('close', () => resolve(found.tally()))
      parser.on('error', reject)
      for (const chunk of chunks) parser.write(chunk)
      parser.end()
    }),

  '@fastify/busboy': ({ chunks, contentType }) =>
    new Promise((resolve, reject) => {
      const found = new Found()
      const parser = new FastifyBusboy({ headers: { 'content-type': contentType }, limits })
      parser.on('field', (name, text) => found.addField(name, text))
      parser.on('file', (name, stream) => {
        stream.on('data', (bytes: Buffer) => found.addBytes(bytes))
        stream.on('end', () => found.addFile(name))
      })
      parser.on('finish', () => resolve(found.tally()))
      parser.on('error', reject)
      for (const chunk of chunks) parser.write(chunk)
      parser.end()
    }),

  multipasta: ({ chunks, contentType }) =>
    new Promise((resolve, reject) => {
      const found = new Found()
      const parser = make({
        headers: { 'content-type': contentType },
        onField: (info, value) => found.addField(info.name, decodeField(info, value)),
        onFile: (info) => (bytes) => (bytes === null ? found.addFile(info.name) : found.addBytes(bytes)),
        onError: ({ _tag }) => reject(new Error(_tag)),
        onDone: () => resolve(found.tally()),
      })
      for (const chunk of chunks) parser.write(chunk)
      parser.end()
    }),

  '@remix-run/multipart-parser': async ({ chunks, boundary }) => {
    const found = new Found()
    const parser = new MultipartParser(boundary, { maxFileSize: none, maxParts: none, maxTotalSize: none })
    for (const chunk of chunks) {
      for (const part of parser.write(chunk)) {
        if (!part.isFile) {
          found.addField(part.name ?? '', part.text)
          continue
        }
        for (const bytes of part.content) found.addBytes(bytes)
        found.addFile(part.name ?? '')
      }
    }
    parser.finish()
    return found.tally()
  },

  'Response.formData()': async ({ chunks, contentType }) => {
    const found = new Found()
    const response = new Response(streamOf(chunks), { headers: { 'content-type': contentType } })
    for (const [name, value] of await response.formData()) {
      if (typeof value === 'string') {
        found.addField(name, value)
        continue
      }
      found.fileBytes += value.size
      found.addFile(name)
    }
    return found.tally()
  },
}

function strictText(bytes: Uint8Array): string {
  const text = utf8Text(bytes)
  if (text === null) throw new Error('A field is not UTF-8.')
  return text
}

function streamOf(chunks: readonly Uint8Array[]): ReadableStream {
  let next = 0
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks[next++]
      if (chunk === undefined) controller.close()
      else controller.enqueue(chunk)
    },
  })
}

const none = Number.POSITIVE_INFINITY
const limits = { fields: none, parts: none, fileSize: none }

class Found {
  fileBytes = 0
  readonly #fields: [name: string, text: string][] = []
  readonly #files: string[] = []

  addField(name: string, text: string): void {
    this.#fields.push([name, text])
  }

  addFile(name: string): void {
    this.#files.push(name)
  }

  addBytes(bytes: Uint8Array): void {
    this.fileBytes += bytes.length
  }

  tally(): Tally {
    let characters = 0
    for (const [name, text] of this.#fields) characters += name.length + text.length
    for (const name of this.#files) characters += name.length
    return { fields: this.#fields.length, files: this.#files.length, characters, fileBytes: this.fileBytes }
  }
}
