import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Server } from '../../src/node.ts'
import { openWire, statusOf } from './raw.ts'
import { hosted, loggedBy, newApp, served } from './served.ts'

/** What a handler saw of its client's going. */
interface Seen {
  aborted: boolean
  cancelled: boolean
  begun: boolean
}

const encoder = new TextEncoder()

function watching(seen: Seen): ReturnType<typeof newApp> {
  const app = newApp()
  app.get('/', () => 'front')
  app.get('/never', () => new Promise<string>(() => {}))
  app.post('/read-and-think', async ({ request, signal }) => {
    await request.text()
    seen.begun = true
    while (!signal.aborted) await wait(5)
    seen.aborted = true
    return 'too late'
  })
  app.get('/think', async ({ signal }) => {
    seen.begun = true
    signal.addEventListener('abort', () => {
      seen.aborted = true
    })
    while (!signal.aborted) await wait(5)
    return 'too late'
  })
  app.post('/read', async ({ request, signal }) => {
    seen.begun = true
    try {
      return await request.text()
    } finally {
      seen.aborted = signal.aborted // by the time that reading has failed, and not only after the answer
    }
  })
  app.get('/stream', ({ signal }) => {
    seen.begun = true
    signal.addEventListener('abort', () => {
      seen.aborted = true
    })
    return new Response(
      new ReadableStream({
        pull(controller) {
          controller.enqueue(encoder.encode('part '))
          return wait(10)
        },
        cancel() {
          seen.cancelled = true
        },
      }),
    )
  })
  app.get('/silent-stream', ({ signal }) => {
    seen.begun = true
    signal.addEventListener('abort', () => {
      seen.aborted = true
    })
    return new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(encoder.encode('first ')),
        pull: () => new Promise(() => {}),
        cancel() {
          seen.cancelled = true
        },
      }),
    )
  })
  app.get('/whole', ({ signal }) => {
    signal.addEventListener('abort', () => {
      seen.aborted = true
    })
    return 'whole'
  })
  return app
}

async function eventually(look: () => boolean): Promise<void> {
  for (let times = 0; times < 200 && !look(); times++) await wait(10)
  assert.ok(look(), 'not within two seconds')
}

for (const [place, open] of [
  ['serve', served],
  ['toNodeHandler', hosted],
] as const) {
  describe(`a client that goes away, under ${place}`, () => {
    const seen: Seen = { aborted: false, cancelled: false, begun: false }
    let server: Server
    before(async () => {
      server = await open(watching(seen))
    })
    after(() => server.stop())

    const leave = async (bytes: string, until?: RegExp): Promise<void> => {
      Object.assign(seen, { aborted: false, cancelled: false, begun: false })
      const wire = await openWire(server.port)
      await wire.send(bytes)
      await eventually(() => seen.begun)
      if (until !== undefined) await wire.until(until)
      wire.leave()
    }

    test('during the body, the handler or the answer aborts the signal', async () => {
      const lines = await loggedBy(async () => {
        await leave('POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
        await eventually(() => seen.aborted)
        await leave('POST /read-and-think HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc')
        await eventually(() => seen.aborted)
        await leave('GET /think HTTP/1.1\r\nHost: x\r\n\r\n')
        await eventually(() => seen.aborted)
        await leave('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n', /part[\s\S]*part/)
        await eventually(() => seen.aborted && seen.cancelled)
        await wait(20)
      })
      assert.deepEqual(lines, [])
    })

    test('cancels a stream that has nothing to give just now', async () => {
      await leave('GET /silent-stream HTTP/1.1\r\nHost: x\r\n\r\n', /first/)
      await eventually(() => seen.aborted && seen.cancelled)
    })

    test('aborts also a request whose answer is not first in line', async () => {
      await leave('GET /never HTTP/1.1\r\nHost: x\r\n\r\nGET /silent-stream HTTP/1.1\r\nHost: x\r\n\r\n')
      await eventually(() => seen.aborted && seen.cancelled)
    })

    test('after a whole answer aborts nothing', async () => {
      Object.assign(seen, { aborted: false, cancelled: false, begun: false })
      const wire = await openWire(server.port)
      await wire.send('GET /whole HTTP/1.1\r\nHost: x\r\n\r\n')
      await wire.until(/whole/)
      wire.leave()
      await wait(50)
      assert.equal(seen.aborted, false)
    })
  })
}

test('a client that ends its half in the middle of a body is told so, and the connection is closed', async () => {
  const server = await served(watching({ aborted: false, cancelled: false, begun: false }))
  const wire = await openWire(server.port)
  await wire.send('POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
  wire.end()
  assert.equal(statusOf(await wire.until(/\r\n\r\n./)), 400)
  await wire.gone(1000)
  await server.stop()
})

describe('a stream that fails in the middle of an answer', () => {
  const failing = (): ReturnType<typeof newApp> => {
    const app = newApp()
    app.get('/', () => 'front')
    app.get('/fail', () => {
      let turn = 0
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
        if (turn++ === 1) throw new Error('secret-xyz')
        controller.enqueue(encoder.encode('a beginning '))
      }
      return new Response(new ReadableStream({ pull }))
    })
    app.get('/short', () => {
      const stream = new ReadableStream({
        start(controller) {
          controller.enqueue(encoder.encode('abc'))
          controller.close()
        },
      })
      return new Response(stream, { headers: { 'content-length': '10' } })
    })
    app.get('/text-in-bytes', () => {
      const stream = new ReadableStream({
        start(controller) {
          controller.enqueue({ no: 'bytes' })
          controller.close()
        },
      })
      return new Response(stream)
    })
    return app
  }

  for (const [place, open] of [
    ['serve', served],
    ['toNodeHandler', hosted],
  ] as const) {
    test(`ends the connection, and is one line in the log without the query, under ${place}`, async () => {
      const server = await open(failing())
      process.env.DEWAR_ENV = 'production'
      for (const path of ['/fail', '/short', '/text-in-bytes']) {
        const lines = await loggedBy(async () => {
          const wire = await openWire(server.port)
          await wire.send(`GET ${path}?password=hunter2 HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n`)
          await wire.closed()
          assert.match(wire.received, /^HTTP\/1\.1 200 /) // without a word browsers would send the request again
          assert.doesNotMatch(wire.received, /\r\n0\r\n|front|secret-xyz/)
          await wait(20)
        })
        assert.equal(lines.length, 1, lines.join('\n'))
        const line = JSON.parse(lines[0] ?? '')
        assert.equal(line.event, 'answer-cut-short')
        assert.equal(line.method, 'GET')
        assert.equal(line.path, path)
        assert.doesNotMatch(lines[0] ?? '', /hunter2/)
      }
      process.env.DEWAR_ENV = 'development'
      assert.equal(await (await fetch(`${server.url}/`)).text(), 'front')
      await server.stop()
    })
  }
})

describe('a stream that fails before its first byte', () => {
  const failing = (): ReturnType<typeof newApp> => {
    const app = newApp()
    app.post('/fail', ({ session }) => {
      session.set('name', 'Ada')
      const pull = async (): Promise<void> => {
        await wait(10)
        throw new Error('secret-xyz')
      }
      return new Response(new ReadableStream({ pull }), { headers: { 'x-length': '10' } })
    })
    app.get('/', ({ session }) => String(session.get('name')))
    return app
  }

  for (const [place, open] of [
    ['serve', served],
    ['toNodeHandler', hosted],
  ] as const) {
    test(`is answered 500, with the session that has been kept, under ${place}`, async () => {
      const server = await open(failing())
      process.env.DEWAR_ENV = 'production'
      const lines = await loggedBy(async () => {
        const wire = await openWire(server.port)
        await wire.send(
          'POST /fail HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n\r\n',
        )
        await wire.closed()
        assert.equal(statusOf(wire.received), 500)
        assert.match(wire.received, /\r\n\r\n500 The answer failed before it began\./)
        assert.doesNotMatch(wire.received, /secret-xyz|x-length/)
        const [, cookie = ''] = /set-cookie: (session=[^;]+)/i.exec(wire.received) ?? []
        assert.equal(await (await fetch(`${server.url}/`, { headers: { cookie } })).text(), 'Ada')
      })
      process.env.DEWAR_ENV = 'development'
      assert.deepEqual(
        lines.map((line) => JSON.parse(line).event),
        ['answer-not-sent'],
      )
      await server.stop()
    })
  }
})
