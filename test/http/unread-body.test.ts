import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { html } from '../../src/index.ts'
import type { Server } from '../../src/node.ts'
import { openWire, statusOf } from './raw.ts'
import { hosted, loggedBy, newApp, served } from './served.ts'

const megabyte = new Uint8Array(1024 * 1024).fill(0x78)
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'
const timeouts = { lingerSeconds: 2, lingerIdleSeconds: 0.3 }

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

// What nobody holds any more does not count: when it is collected is the engine's affair.
function heldBytes(): number {
  collect()
  return process.memoryUsage().arrayBuffers
}

function shop(): { app: ReturnType<typeof newApp>; done: () => number } {
  let count = 0
  const app = newApp()
  app.get('/', () => html`<p>front</p>`)
  app.post('/do', ({ fields }) => {
    count += 1
    return [...fields]
  })
  app.post('/ignore', () => 'ignored')
  app.post('/stream', () => {
    const encoder = new TextEncoder()
    const parts = ['one ', 'two ', 'three']
    return new Response(
      new ReadableStream({
        pull(controller) {
          const part = parts.shift()
          if (part === undefined) controller.close()
          else controller.enqueue(encoder.encode(part))
        },
      }),
    )
  })
  app.post('/echo', ({ request }) => new Response(request.body))
  app.post('/cancel', async (given) => {
    await given.request.body?.cancel()
    await wait(20)
    return given.signal.aborted ? 'aborted' : 'cancelled'
  })
  app.post('/part', async ({ request }) => {
    for await (const _chunk of request.body ?? []) break
    return 'a part'
  })
  return { app, done: () => count }
}

// The limit of bodies that handlers read themselves would answer first.
const big = 900_000

for (const [place, open] of [
  ['serve', (app: ReturnType<typeof newApp>) => served(app, { timeouts })],
  ['toNodeHandler', (app: ReturnType<typeof newApp>) => hosted(app, { timeouts })],
] as const) {
  describe(`a body that nobody reads to its end, under ${place}`, () => {
    const { app, done } = shop()
    let server: Server
    before(async () => {
      server = await open(app)
    })
    after(() => server.stop())

    const refused: [name: string, head: string, status: number][] = [
      ['an address that is not there', 'POST /nowhere HTTP/1.1\r\nHost: x\r\n', 404],
      ['a method that is not there', 'PUT /do HTTP/1.1\r\nHost: x\r\n', 405],
      ['another site', `POST /do HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n${form}`, 403],
      ['a form that is too large', `POST /do HTTP/1.1\r\nHost: x\r\n${form}`, 413],
      ['a bad host', 'POST /do HTTP/1.1\r\nHost: a b\r\n', 400],
    ]
    for (const [name, head, status] of refused) {
      test(`sent after all to ${name} does not hide the ${status}, and is thrown away`, async () => {
        const count = done()
        const wire = await openWire(server.port)
        await wire.send(`${head}Content-Length: ${16 * megabyte.length}\r\n\r\n`)
        for (let at = 0; at < 16; at++) await wire.send(megabyte)
        const received = await wire.until(/\r\n\r\n./)
        assert.equal(statusOf(received), status)
        assert.match(received, /\r\nconnection: close\r\n/i)
        assert.match(received, /\r\ncontent-length: \d+\r\n/i)
        assert.equal(await wire.closed(), 'closed')
        assert.equal(done(), count)
      })
    }

    test('in chunks does not hide the answer either', async () => {
      const wire = await openWire(server.port)
      await wire.send('POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
      for (let at = 0; at < 8; at++)
        await wire.send(Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')]))
      await wire.send('0\r\n\r\n')
      assert.equal(statusOf(await wire.until(/\r\n\r\n./)), 404)
      assert.equal(await wire.closed(), 'closed')
    })

    test('takes no memory', async () => {
      const wire = await openWire(server.port)
      await wire.send(`POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: ${200 * megabyte.length}\r\n\r\n`)
      const before = heldBytes()
      let most = 0
      for (let at = 0; at < 200; at++) {
        await wire.send(megabyte)
        if (at % 10 === 9) most = Math.max(most, heldBytes() - before)
      }
      assert.equal(await wire.closed(), 'closed')
      assert.equal(statusOf(wire.received), 404)
      assert.ok(most < 64 * 1024 * 1024, String(most))
    })

    test('of little more keeps the connection, whether it comes or has come', async () => {
      const wire = await openWire(server.port)
      await wire.send('POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
      const first = await wire.until(/\r\n\r\n./)
      assert.equal(statusOf(first), 404)
      assert.doesNotMatch(first, /connection: close/i)
      await wire.send('GET /ev')
      await wire.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
      await wire.until(/front/)
      wire.leave()

      const arrived = await openWire(server.port)
      await arrived.send(
        'POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: x\r\n\r\n',
      )
      await arrived.until(/front/)
      arrived.leave()
    })

    test('of little more that never comes ends the connection', async () => {
      const wire = await openWire(server.port)
      await wire.send('POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
      assert.equal(await wire.closed(1500), 'closed')
      assert.equal(statusOf(wire.received), 404)
    })

    test('that stops coming is not waited for', async () => {
      const wire = await openWire(server.port)
      await wire.send('POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nabc')
      await wire.closed()
      await wait(1000)
      for (let times = 0; times < 3; times++) {
        wire.send('x') // to a closed connection it is answered with a reset
        await wait(50)
      }
      await wire.gone(1000)
      assert.equal(statusOf(wire.received), 404)
    })

    test('that never stops coming is cut', async () => {
      const wire = await openWire(server.port)
      await wire.send('POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
      let isOver = false
      const begin = performance.now()
      const sending = (async () => {
        while (!isOver && performance.now() - begin < 8000) {
          await Promise.race([wire.send('1\r\na\r\n'), wait(100)])
          await wait(20)
        }
      })()
      await wire.gone(6000)
      isOver = true
      await sending
      const seconds = (performance.now() - begin) / 1000
      assert.ok(seconds > 1.5 && seconds < 4, String(seconds))
      assert.equal(statusOf(wire.received), 404)
    })

    test('leaves a streamed answer whole', async () => {
      const wire = await openWire(server.port)
      await wire.send(`POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: ${big}\r\n\r\n`)
      await wire.until(/three\r\n0\r\n\r\n/)
      await wire.send(new Uint8Array(big))
      assert.match(wire.received, /connection: close/i)
      assert.equal(await wire.closed(), 'closed')
    })

    test('and is cancelled or left by the handler does not end the connection or abort the request', async () => {
      for (const [path, text] of [
        ['/cancel', 'cancelled'],
        ['/part', 'a part'],
        ['/ignore', 'ignored'],
      ]) {
        const wire = await openWire(server.port)
        await wire.send(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${big}\r\n\r\nabc`)
        await wire.until(new RegExp(`\r\n\r\n${text}`))
        await wire.send(new Uint8Array(big - 3))
        assert.equal(await wire.closed(), 'closed', path)
      }
    })

    test('while the answer streams it back comes back whole', async () => {
      const answer = await fetch(`${server.url}/echo`, { method: 'POST', body: new Uint8Array(big).fill(7) })
      const bytes = new Uint8Array(await answer.arrayBuffer())
      assert.equal(bytes.length, big)
      assert.ok(bytes.every((byte) => byte === 7))
    })

    test('is no next request: what follows an answer that says close is not done', async () => {
      const count = done()
      const wire = await openWire(server.port)
      await wire.send(`POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: ${200_000}\r\n\r\n`)
      await wire.until(/\r\n\r\n./)
      await wire.send(new Uint8Array(200_000))
      await wire.send(`POST /do HTTP/1.1\r\nHost: x\r\n${form}Content-Length: 3\r\n\r\na=1`)
      await wire.closed()
      await wait(50)
      assert.equal(done(), count)
    })
  })
}

test('a request behind one that is refused in the same packet is not done', async () => {
  const { app, done } = shop()
  const server = await served(app)
  const wire = await openWire(server.port)
  const next = `POST /do HTTP/1.1\r\nHost: x\r\n${form}Content-Length: 3\r\n\r\na=1`
  await wire.send(`GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n${next}`)
  assert.equal(await wire.closed(), 'closed')
  await wait(50)
  assert.equal(done(), 0)
  assert.equal(statusOf(wire.received), 400)
  await server.stop()
})

test('a client that goes away from its upload, in whichever way, leaves no line in the log', async () => {
  const app = newApp()
  let failed: unknown
  app.post('/raw', async ({ request }) => {
    try {
      return await request.text()
    } catch (error) {
      failed = error
      throw error
    }
  })
  for (const open of [served, hosted]) {
    const server = await open(app)
    for (const how of ['leave', 'reset'] as const) {
      failed = undefined
      const lines = await loggedBy(async () => {
        const wire = await openWire(server.port)
        await wire.send('POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc')
        await wait(50)
        wire[how]()
        while (failed === undefined) await wait(10)
        await wait(20)
      })
      assert.deepEqual(lines, [])
    }
    await server.stop()
  }
})
