import { setTimeout as wait } from 'node:timers/promises'
import { HttpError } from 'dewar'
import type { App } from './app-type.ts'

/** Handlers that go wrong in every way there is. What they say must reach the log and no stranger. */
export function addTrouble(app: App): void {
  app.get('/throw', ({ query }) => {
    switch (query.get('kind')) {
      case 'error':
        throw new Error(said)
      case 'null':
        throw null
      case 'late':
        setTimeout(() => Promise.reject(new Error(said)), 20)
        return 'ok'
      case 'stream':
        return new Response(brokenStream(), { headers: { 'content-type': 'text/plain; charset=utf-8' } })
      default:
        throw new HttpError(400, 'The kind of trouble is error, null, late or stream.')
    }
  })
}

const said = 'secret-xyz'

function brokenStream(): ReadableStream<Uint8Array> {
  let begun = false
  return new ReadableStream({
    async pull(controller) {
      if (begun) {
        await wait(20) // the beginning is on its way
        throw new Error(said)
      }
      begun = true
      controller.enqueue(new TextEncoder().encode('a beginning '))
    },
  })
}
