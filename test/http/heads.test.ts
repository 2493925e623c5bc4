import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Server } from '../../src/node.ts'
import { openWire, statusOf } from './raw.ts'
import { newApp, served } from './served.ts'

const form = 'Content-Type: application/x-www-form-urlencoded\r\n'
const post = 'POST /do HTTP/1.1\r\nHost: x\r\n'
const chunked = `${post}${form}Transfer-Encoding: chunked\r\n\r\n`
const kibi = 1024

// Whatever stands in `bytes`, a request to /evil follows it, as one that was smuggled would.
const refused: [name: string, bytes: string, status: number][] = [
  ['a length and chunks', `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['chunks and a length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`, 400],
  ['two lengths', `${post}Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc`, 400],
  ['the same length twice', `${post}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`, 400],
  ['a list of lengths', `${post}Content-Length: 3, 3\r\n\r\nabc`, 400],
  ['a length with a sign', `${post}Content-Length: +3\r\n\r\nabc`, 400],
  ['a negative length', `${post}Content-Length: -3\r\n\r\nabc`, 400],
  ['a length in hexadecimal', `${post}Content-Length: 0x3\r\n\r\nabc`, 400],
  ['an empty length', `${post}Content-Length:\r\n\r\nabc`, 400],
  ['a length beyond all numbers', `${post}Content-Length: 99999999999999999999999\r\n\r\nabc`, 400],
  ['chunks that are not last', `${post}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`, 400],
  ['a coding that is not ours', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 501],
  ['chunks twice', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a coding that looks like chunks', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
  ['a coding behind a control', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`, 400],
  ['a coding called identity', `${post}Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc`, 400],
  ['chunks in HTTP/1.0', 'POST /do HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
  ['a chunk size that is none', `${chunked}zz\r\nabc\r\n0\r\n\r\n`, 400],
  ['a chunk size with 0x', `${chunked}0x3\r\nabc\r\n0\r\n\r\n`, 400],
  ['a negative chunk size', `${chunked}-3\r\nabc\r\n0\r\n\r\n`, 400],
  ['a chunk size beyond all numbers', `${chunked}fffffffffffffffff\r\nabc\r\n0\r\n\r\n`, 400],
  ['a chunk size before a bare LF', `${chunked}3\nabc\r\n0\r\n\r\n`, 400],
  ['a chunk extension before a bare LF', `${chunked}3;a\nabc\r\n0\r\n\r\n`, 400],
  ['a chunk that is longer than it says', `${chunked}3\r\nabcdef\r\n0\r\n\r\n`, 400],
  ['a length among the trailers', `${chunked}3\r\na=1\r\n0\r\nContent-Length: 9\r\n\r\n`, 400],
  ['a folded line', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\n\r\n', 400],
  ['a coding on a folded line', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a bare LF', 'GET / HTTP/1.1\nHost: x\n\n', 400],
  ['a bare LF before a header', 'GET / HTTP/1.1\r\nHost: x\nX-A: 1\r\n\r\n', 400],
  ['a bare CR in a value', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\rX-B: 2\r\n\r\n', 400],
  ['a NUL in a value', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n', 400],
  ['a space before the colon', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n', 400],
  ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nfoo\r\n\r\n', 400],
  ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: foo\r\n\r\n', 400],
  ['tabs in the first line', 'GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['another version', 'GET / HTTP/2.0\r\nHost: x\r\n\r\n', 505],
  ['a fragment', 'GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['CONNECT', 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n', 501],
  ['TRACE', 'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
  ['a long address', `GET /${'a'.repeat(16 * kibi)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
  ['a very long address', `GET /${'a'.repeat(200 * kibi)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
  ['large headers', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(16 * kibi)}\r\n\r\n`, 431],
  ['very large headers', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(200 * kibi)}\r\n\r\n`, 431],
  ['many headers', `GET / HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(100)}\r\n`, 431],
  ['very many headers', `GET / HTTP/1.1\r\n${'a:\r\n'.repeat(3000)}Host: x\r\n\r\n`, 431],
  ['noise', '\x16\x03\x01\x02\0\x01\0', 400],
]

describe('what is no plain request', () => {
  const done: string[] = []
  let server: Server
  before(async () => {
    const app = newApp()
    app.get('/', () => 'front')
    app.get('/evil', () => {
      done.push('evil')
      return 'evil'
    })
    app.post('/do', ({ fields }) => {
      done.push('do')
      return [...fields]
    })
    app.get('/slow', async () => {
      await wait(200)
      return 'slow'
    })
    server = await served(app, { timeouts: { lingerIdleSeconds: 0.3 } })
  })
  after(() => server.stop())

  for (const [name, bytes, status] of refused) {
    test(`as ${name}, is answered ${status} and the connection closed, and nothing is done`, async () => {
      const wire = await openWire(server.port)
      await wire.send(Buffer.from(bytes, 'latin1'))
      await wire.send('GET /evil HTTP/1.1\r\nHost: x\r\n\r\n')
      assert.equal(statusOf(await wire.until(/\r\n\r\n./)), status)
      assert.equal(await wire.closed(), 'closed')
      assert.match(wire.received, /\r\nconnection: close\r\n/i)
      assert.match(wire.received, /\r\nx-content-type-options: nosniff\r\n/i)
      assert.match(wire.received, /\r\ncontent-type: text\//i)
      const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(wire.received)?.[1])
      assert.equal(wire.received.length - wire.received.indexOf('\r\n\r\n') - 4, length, 'one answer, of its length')
      wire.leave()
      await wait(5)
      assert.deepEqual(done, [])
    })
  }

  test('but only looks odd is answered', async () => {
    const odd: [bytes: string, answer: RegExp][] = [
      ['\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n', /front/],
      ['GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', /front/],
      [
        'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n',
        /front/,
      ],
      [`GET /?${'a'.repeat(16 * kibi - 2)} HTTP/1.1\r\nHost: x\r\nX-A: ${'b'.repeat(16 * kibi - 20)}\r\n\r\n`, /front/],
      [`GET / HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(99)}\r\n`, /front/],
      [`${chunked}3;a=b\r\na=1\r\n0\r\nX-T: 1\r\n\r\n`, /\[\["a","1"\]\]/],
    ]
    for (const [bytes, answer] of odd) {
      const wire = await openWire(server.port)
      await wire.send(bytes)
      await wire.until(answer)
      wire.leave()
    }
    done.length = 0
  })

  test('behind a request that is being answered does not harm the answer', async () => {
    for (const noise of ['noise\r\n\r\n', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100 * kibi)}`]) {
      const wire = await openWire(server.port)
      await wire.send(`GET /slow HTTP/1.1\r\nHost: x\r\n\r\n${noise}`)
      await wire.until(/^HTTP\/1\.1 200 [\s\S]*slow$/)
      assert.equal(await wire.closed(), 'closed')
      wire.leave()
    }
    const tunnel = await openWire(server.port)
    await tunnel.send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\nCONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n')
    await tunnel.closed()
    assert.doesNotMatch(tunnel.received, /501/, 'the answer to the tunnel would be taken for that of the page')
    tunnel.leave()
    assert.equal(await (await fetch(server.url)).text(), 'front')
  })
})
