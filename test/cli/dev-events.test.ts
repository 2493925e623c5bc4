import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Reply } from '../../src/app/reply.ts'
import { DevEvents } from '../../src/cli/dev-events.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const headers = ['content-type', 'text/event-stream']

/** A stream of events as an app sends it. */
function ofApp(source: UnderlyingDefaultSource<Uint8Array>): Reply {
  return new Reply(200, headers, new ReadableStream(source))
}

function streamOf({ body }: Reply): ReadableStream<Uint8Array> {
  assert.ok(body instanceof ReadableStream)
  return body
}

describe('the streams of events of dewar dev', () => {
  const endings: readonly (readonly [string, (events: DevEvents) => Promise<WeakRef<object>>])[] = [
    [
      'a page that goes away',
      async (events) => {
        const stream = streamOf(events.open())
        await stream.cancel()
        return new WeakRef(stream)
      },
    ],
    [
      'a stream of the app whose page goes away',
      async (events) => {
        const stream = streamOf(events.endable(ofApp({})))
        await stream.cancel()
        return new WeakRef(stream)
      },
    ],
    [
      'a stream of the app that is done',
      async (events) => {
        const stream = streamOf(events.endable(ofApp({ start: (to) => to.close() })))
        assert.equal(await new Response(stream).text(), '')
        return new WeakRef(stream)
      },
    ],
    [
      'a stream of the app that breaks',
      async (events) => {
        const stream = streamOf(events.endable(ofApp({ start: (to) => to.error(new Error('it broke')) })))
        await assert.rejects(new Response(stream).text(), /it broke/)
        return new WeakRef(stream)
      },
    ],
  ]
  for (const [what, ending] of endings) {
    it(`keep nothing of ${what}`, async () => {
      const events = new DevEvents('first')
      const kept = await ending(events)
      for (let times = 0; times < 20 && kept.deref() !== undefined; times++) {
        await wait(10)
        collectGarbage()
      }
      assert.equal(kept.deref(), undefined)
      events.end()
    })
  }
})
