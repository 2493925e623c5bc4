import type { IncomingMessage } from 'node:http'
import { DewarError } from '../errors/dewar-error.ts'
import { type Body, type BodyBytes, oneOf } from '../http/body.ts'
import type { Arrival } from './arrival.ts'

/** The body of a Node request, read without a web stream in between. `arrival` is `null` if there is none. */
export function nodeBody(incoming: IncomingMessage, arrival: Arrival | null): Body {
  return {
    present: arrival !== null,
    bytes: (limitBytes) => collect(incoming, arrival, limitBytes),
    chunks: () => chunksOf(incoming, arrival),
  }
}

async function collect(incoming: IncomingMessage, arrival: Arrival | null, limitBytes: number): Promise<BodyBytes> {
  if (arrival === null) return { kind: 'read', bytes: new Uint8Array() }
  refuseBroken(incoming)
  arrival.take()
  if ((arrival.declaredBytes ?? 0) > limitBytes) return { kind: 'too-large' }
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let length = 0
    const onData = (chunk: Uint8Array): void => {
      length += chunk.length
      chunks.push(chunk)
      if (length <= limitBytes) return
      incoming.off('data', onData)
      incoming.pause()
      arrival.unwanted()
      resolve({ kind: 'too-large' })
    }
    const onEnd = (): void => {
      incoming.off('close', onGone) // it closes after every request, and an error costs a stack
      resolve({ kind: 'read', bytes: oneOf(chunks, length) })
    }
    const onGone = (): void => reject(reasonOf(incoming))
    incoming.on('data', onData).on('end', onEnd).on('close', onGone)
  })
}

// What waits is held by the message itself, up to its highWaterMark: then it stops reading from the socket.
async function* chunksOf(incoming: IncomingMessage, arrival: Arrival | null): AsyncGenerator<Uint8Array, void> {
  if (arrival === null) return
  refuseBroken(incoming)
  arrival.take()
  let wake = (): void => {}
  const onEvent = (): void => wake()
  incoming.on('readable', onEvent).on('end', onEvent).on('close', onEvent)
  try {
    while (!incoming.readableEnded) {
      const chunk: Uint8Array | null = incoming.read()
      if (chunk !== null) {
        yield chunk
        free(chunk)
      } else if (incoming.destroyed && !incoming.readableEnded) throw reasonOf(incoming)
      else if (!incoming.readableEnded) await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    incoming.off('readable', onEvent).off('end', onEvent).off('close', onEvent)
    arrival.unwanted()
  }
}

// The parser makes a buffer for each chunk, and V8 lets some 64 MiB of them wait before it looks for garbage: a large
// upload would hold all that for nothing. Whoever asks for the next chunk has done with this one.
function free(chunk: Uint8Array): void {
  const { buffer } = chunk
  if (buffer instanceof ArrayBuffer && buffer.byteLength === chunk.byteLength) buffer.transfer(0)
}

// A malformed chunk ends the message before anybody asks for it.
function refuseBroken(incoming: IncomingMessage): void {
  if (incoming.destroyed && !incoming.readableEnded) throw reasonOf(incoming)
}

function reasonOf({ errored }: IncomingMessage): DewarError {
  return errored instanceof DewarError ? errored : new DewarError('form/body-cut-short')
}
