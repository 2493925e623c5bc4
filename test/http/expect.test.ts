import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Server } from '../../src/node.ts'
import { openWire, statusOf, type Wire } from './raw.ts'
import { newApp, served } from './served.ts'

const form = 'Content-Type: application/x-www-form-urlencoded\r\n'
const expecting = 'Expect: 100-continue\r\n'

describe('a client that waits to be told to go on', () => {
  const done: string[] = []
  let server: Server
  before(async () => {
    const app = newApp()
    app.get('/', () => 'front')
    app.post('/do', ({ fields }) => {
      done.push(fields.get('a') ?? '')
      return [...fields]
    })
    app.post('/text', async ({ request }) => `got ${await request.text()}`)
    app.post('/stream', async ({ request }) => {
      let length = 0
      for await (const chunk of request.body ?? []) length += chunk.length
      return `got ${length}`
    })
    app.post('/bytes', async ({ request }) => `got ${(await request.arrayBuffer()).byteLength}`)
    app.post('/unread', () => 'no need')
    server = await served(app, { timeouts: { lingerSeconds: 1, lingerIdleSeconds: 0.2 } })
  })
  after(() => server.stop())

  const begin = async (head: string): Promise<Wire> => {
    const wire = await openWire(server.port)
    await wire.send(`${head}\r\nHost: x\r\n${expecting}`)
    return wire
  }

  test('is told when its form is read', async () => {
    const wire = await begin('POST /do HTTP/1.1')
    await wire.send(`${form}Content-Length: 3\r\n\r\n`)
    await wire.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
    await wire.send('a=1')
    await wire.until(/\[\["a","1"\]\]$/)
    assert.equal(wire.received.match(/100 Continue/g)?.length, 1)
    await wire.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await wire.until(/front/) // the connection lives
    wire.leave()
  })

  test('is told when a handler begins to read, in whichever way', async () => {
    for (const [path, answer] of [
      ['/text', 'got abc'],
      ['/stream', 'got 3'],
      ['/bytes', 'got 3'],
    ] as const) {
      for (const framing of ['Content-Length: 3', 'Transfer-Encoding: chunked']) {
        const wire = await begin(`POST ${path} HTTP/1.1`)
        await wire.send(`Content-Type: text/plain\r\n${framing}\r\n\r\n`)
        await wire.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/)
        await wire.send(framing === 'Content-Length: 3' ? 'abc' : '3\r\nabc\r\n0\r\n\r\n')
        await wire.until(new RegExp(answer))
        wire.leave()
      }
    }
  })

  const finals: [name: string, head: string, status: number][] = [
    ['an address that is not there', `POST /nowhere HTTP/1.1\r\nHost: x\r\n${expecting}Content-Length: 3\r\n\r\n`, 404],
    ['a method that is not there', `PUT /do HTTP/1.1\r\nHost: x\r\n${expecting}Content-Length: 3\r\n\r\n`, 405],
    [
      'another site',
      `POST /do HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n${expecting}${form}Content-Length: 3\r\n\r\n`,
      403,
    ],
    [
      'a form that is too large',
      `POST /do HTTP/1.1\r\nHost: x\r\n${expecting}${form}Content-Length: 9999999\r\n\r\n`,
      413,
    ],
    ['a handler that does not read', `POST /unread HTTP/1.1\r\nHost: x\r\n${expecting}Content-Length: 3\r\n\r\n`, 200],
    ['a bad host', `POST /do HTTP/1.1\r\nHost: a b\r\n${expecting}Content-Length: 3\r\n\r\n`, 400],
  ]
  for (const [name, head, status] of finals) {
    test(`is not told with ${name}: it gets the ${status}, and its body is no next request`, async () => {
      const count = done.length
      const wire = await openWire(server.port)
      await wire.send(head)
      assert.equal(statusOf(await wire.until(/\r\n\r\n./)), status)
      assert.match(wire.received, /\r\nconnection: close\r\n/i)
      await wire.send('a=1')
      await wire.send(`POST /do HTTP/1.1\r\nHost: x\r\n${form}Content-Length: 3\r\n\r\na=1`)
      await wire.closed()
      await wait(30)
      assert.equal(done.length, count)
      assert.doesNotMatch(wire.received, /100 Continue/)
      assert.equal(wire.received.match(/HTTP\/1\.1/g)?.length, 1)
    })
  }

  test('gets its answer also when it does not wait', async () => {
    const wire = await openWire(server.port)
    await wire.send(`POST /do HTTP/1.1\r\nHost: x\r\n${expecting}${form}Content-Length: 3\r\n\r\na=7`)
    await wire.until(/\[\["a","7"\]\]/)
    wire.leave()
  })

  test('with another expectation gets 417, and nothing is done', async () => {
    const count = done.length
    const wire = await openWire(server.port)
    await wire.send(`POST /do HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n${form}Content-Length: 3\r\n\r\na=1`)
    assert.equal(statusOf(await wire.until(/\r\n\r\n./)), 417)
    assert.match(wire.received, /content-type: text\/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n/i)
    assert.equal(await wire.closed(), 'closed')
    assert.equal(done.length, count)
  })

  test('of HTTP/1.0 is told nothing, as it would not understand', async () => {
    const wire = await openWire(server.port)
    await wire.send(`POST /do HTTP/1.0\r\nHost: x\r\n${expecting}${form}Content-Length: 3\r\n\r\n`)
    await wait(50)
    assert.equal(wire.received, '')
    await wire.send('a=1')
    await wire.until(/^HTTP\/1\.1 200/)
    wire.leave()
  })
})
