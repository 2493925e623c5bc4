import type { IncomingMessage } from 'node:http'
import { type Body, type BodyBytes, oneOf } from '../http/body.ts'

/** The body of a Node request, read without a web stream in between. */
export function nodeBody(incoming: IncomingMessage): Body {
  return { bytes: (limitBytes) => collect(incoming, limitBytes) }
}

function collect(incoming: IncomingMessage, limitBytes: number): Promise<BodyBytes> {
  // Whoever read it before us has it: no event would come any more.
  if (incoming.readableEnded || incoming.destroyed) return Promise.reject(new Error('The body was read already.'))
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let length = 0
    const settle = (finish: () => void) => {
      incoming.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone)
      finish()
    }
    const onData = (chunk: Uint8Array) => {
      length += chunk.length
      chunks.push(chunk)
      if (length > limitBytes) settle(() => resolve({ kind: 'too-large' }))
    }
    const onEnd = () => settle(() => resolve({ kind: 'read', bytes: oneOf(chunks, length) }))
    const onGone = () => settle(() => reject(new Error('The client went away.')))
    incoming.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone)
  })
}
