import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { ServeOptions } from '../../src/node.ts'
import { openWire, statusOf } from './raw.ts'
import { hosted, loggedBy, newApp, served } from './served.ts'

const form = 'Content-Type: application/x-www-form-urlencoded\r\n'

function shop(): ReturnType<typeof newApp> {
  const app = newApp()
  app.get('/', () => 'front')
  app.post('/do', ({ fields }) => [...fields])
  app.post('/text', async ({ request }) => `got ${(await request.text()).length}`)
  app.post('/stream', async ({ request }) => {
    let length = 0
    for await (const chunk of request.body ?? []) length += chunk.length
    return `got ${length}`
  })
  app.post('/slow-reader', async ({ request }) => {
    const reader = request.body?.getReader()
    let length = 0
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
      length += part.value.length
      await wait(80)
    }
    return `got ${length}`
  })
  app.post('/slow', async ({ fields }) => {
    await wait(800)
    return [...fields]
  })
  app.get('/large', () => 'x'.repeat(15_000_000))
  app.get('/large-stream', () => {
    const part = new Uint8Array(1024 * 1024)
    let left = 15
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      if (left-- > 0) controller.enqueue(part.slice())
      else controller.close()
    }
    return new Response(new ReadableStream({ pull }))
  })
  app.get('/slow-stream', () => {
    let left = 3
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      await wait(500)
      if (left-- > 0) controller.enqueue(new TextEncoder().encode(`part ${left} `))
      else controller.close()
    }
    return new Response(new ReadableStream({ pull }))
  })
  return app
}

test('a head that is too slow is answered 408 and the connection closed, also behind another request', async () => {
  const server = await served(shop(), { timeouts: { headersSeconds: 0.5, lingerIdleSeconds: 0.2 } })
  const wire = await openWire(server.port)
  const begin = performance.now()
  await wire.send('GET / HTTP/1.1\r\nHost: x\r\nX-A:')
  const trickle = setInterval(() => void wire.send('a'), 100)
  assert.equal(await wire.closed(4000), 'closed')
  clearInterval(trickle)
  assert.ok(performance.now() - begin < 3000)
  assert.equal(statusOf(wire.received), 408)
  assert.match(wire.received, /x-content-type-options: nosniff\r\nconnection: close\r\n/)

  const second = await openWire(server.port)
  await second.send(`POST /slow HTTP/1.1\r\nHost: x\r\n${form}Content-Length: 3\r\n\r\na=1GET / HTTP/1.1\r\nHo`)
  await second.until(/\[\["a","1"\]\]/)
  assert.equal(await second.closed(4000), 'closed')
  await server.stop()
})

for (const [place, open] of [
  ['serve', (timeouts: ServeOptions['timeouts']) => served(shop(), timeouts ? { timeouts } : {})],
  ['toNodeHandler', (timeouts: ServeOptions['timeouts']) => hosted(shop(), timeouts ? { timeouts } : {})],
] as const) {
  describe(`under ${place}`, () => {
    const paths: [path: string, type: string][] = [
      ['/do', form],
      ['/text', 'Content-Type: text/plain\r\n'],
      ['/stream', 'Content-Type: text/plain\r\n'],
    ]
    for (const [path, type] of paths) {
      test(`a body for ${path} that trickles is given up with 408, and the connection closed`, async () => {
        const server = await open({
          bodyGraceSeconds: 0.4,
          bodyBytesPerSecond: 1000,
          lingerIdleSeconds: 0.2,
          lingerSeconds: 0.5,
        })
        const wire = await openWire(server.port)
        const begin = performance.now()
        await wire.send(`POST ${path} HTTP/1.1\r\nHost: x\r\n${type}Content-Length: 1000\r\n\r\na=`)
        const trickle = setInterval(() => void wire.send('a'), 50)
        const lines = await loggedBy(async () => {
          assert.equal(statusOf(await wire.until(/\r\n\r\n./)), 408)
        })
        const milliseconds = performance.now() - begin
        assert.ok(milliseconds > 380 && milliseconds < 1500, String(milliseconds))
        assert.match(wire.received, /\r\nconnection: close\r\n/i)
        assert.equal(await wire.closed(), 'closed')
        clearInterval(trickle)
        assert.deepEqual(lines, [])
        await server.stop()
      })

      test(`a large body for ${path} over a slow but honest line arrives`, async () => {
        const server = await open({ bodyGraceSeconds: 0.3, bodyBytesPerSecond: 1000 })
        const wire = await openWire(server.port)
        await wire.send(`POST ${path} HTTP/1.1\r\nHost: x\r\n${type}Content-Length: 2400\r\n\r\n`)
        for (let at = 0; at < 12; at++) {
          await wire.send(at === 0 ? `a=${'x'.repeat(198)}` : 'x'.repeat(200)) // 2,000 bytes a second, for 1.2 s
          await wait(100)
        }
        assert.equal(statusOf(await wire.until(/\r\n\r\n./)), 200)
        wire.leave()
        await server.stop()
      })
    }

    test('an app that reads slowly, or thinks for long, is waited for', async () => {
      const server = await open({ bodyGraceSeconds: 0.3, bodyBytesPerSecond: 10_000_000, sendIdleSeconds: 0.3 })
      const body = new Uint8Array(900_000)
      const read = await fetch(`${server.url}/slow-reader`, { method: 'POST', body })
      assert.equal(await read.text(), 'got 900000')
      const slow = await fetch(`${server.url}/slow`, { method: 'POST', body: new URLSearchParams({ a: '1' }) })
      assert.deepEqual(await slow.json(), [['a', '1']])
      const stream = await fetch(`${server.url}/slow-stream`)
      assert.equal(await stream.text(), 'part 2 part 1 part 0 ')
      await server.stop()
    })

    for (const path of ['/large', '/large-stream']) {
      test(`a client that does not read ${path} is cut, one that reads slowly is not`, async (t) => {
        const server = await open({ sendIdleSeconds: 1 })
        t.after(() => server.stop())
        const idle = await openWire(server.port)
        await idle.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
        await idle.until(/^HTTP/)
        idle.pause()
        await wait(3000)
        idle.resume()
        await idle.closed()
        assert.ok(idle.receivedBytes < 15_000_000, String(idle.receivedBytes))

        const slow = await openWire(server.port)
        await slow.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n`)
        await slow.until(/^HTTP/)
        for (let times = 0; times < 4; times++) {
          slow.pause()
          await wait(250)
          slow.resume()
          await wait(5)
        }
        const deadline = performance.now() + 20_000
        while (slow.receivedBytes < 15_000_000 && performance.now() < deadline) await wait(20)
        assert.ok(slow.receivedBytes >= 15_000_000, String(slow.receivedBytes))
        slow.leave()
      })
    }
  })
}

test('an idle connection is closed after keepAliveSeconds, and is not closed by the time an answer took', async () => {
  const server = await served(shop(), { timeouts: { keepAliveSeconds: 0.5, sendIdleSeconds: 0.2 } })
  const wire = await openWire(server.port)
  await wire.send('GET /slow-stream HTTP/1.1\r\nHost: x\r\n\r\n')
  await wire.until(/0\r\n\r\n$/)
  await wait(300) // longer than sendIdleSeconds
  await wire.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await wire.until(/front/)
  const begin = performance.now()
  await wire.closed()
  const milliseconds = performance.now() - begin
  assert.ok(milliseconds > 400 && milliseconds < 2500, String(milliseconds)) // Node adds a second
  await server.stop()
})

test('timeouts that are none are refused', async () => {
  const refused: [timeouts: object, message: RegExp][] = [
    [{ headersSeconds: 0 }, /timeouts\.headersSeconds is 0; it must be a number above 0/],
    [{ bodyGraceSeconds: -1 }, /timeouts\.bodyGraceSeconds is -1/],
    [{ bodyBytesPerSecond: Number.NaN }, /timeouts\.bodyBytesPerSecond is NaN/],
    [{ sendIdleSeconds: Number.POSITIVE_INFINITY }, /timeouts\.sendIdleSeconds is Infinity/],
    [{ keepAliveSeconds: '5' }, /timeouts\.keepAliveSeconds is 5/],
    [{ headerSeconds: 5 }, /timeouts has no option headerSeconds/],
  ]
  for (const [timeouts, message] of refused) {
    await assert.rejects(served(shop(), { timeouts }), message)
  }
  await assert.rejects(
    hosted(shop(), { timeouts: { headersSeconds: 5 } as object }),
    /timeouts has no option headersSeconds/,
  )
  await assert.rejects(served(shop(), { graceSeconds: -1 }), /graceSeconds is -1/)
})
