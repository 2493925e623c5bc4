import type { IncomingMessage } from 'node:http'
import { type Body, type BodyBytes, oneOf } from '../http/body.ts'

/** The body of a Node request, read without a web stream in between. */
export function nodeBody(incoming: IncomingMessage): Body {
  const { 'content-length': length, 'transfer-encoding': coding } = incoming.headers
  const present = coding !== undefined || (length !== undefined && Number(length) > 0) // RFC 9112 §6.3
  return { present, bytes: (limitBytes) => collect(incoming, limitBytes) }
}

function collect(incoming: IncomingMessage, limitBytes: number): Promise<BodyBytes> {
  // Whoever read it before us has it: no event would come any more.
  if (incoming.readableEnded || incoming.destroyed) return Promise.reject(new Error('The body was read already.'))
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let length = 0
    const onData = (chunk: Uint8Array): void => {
      length += chunk.length
      chunks.push(chunk)
      if (length <= limitBytes) return
      incoming.off('data', onData)
      resolve({ kind: 'too-large' })
    }
    const onEnd = (): void => {
      incoming.off('close', onGone) // it closes after every request, and an error costs a stack
      resolve({ kind: 'read', bytes: oneOf(chunks, length) })
    }
    const onGone = (): void => reject(new Error('The client went away.'))
    incoming.on('data', onData).on('end', onEnd).on('close', onGone)
  })
}
