/** Clients that take their time, or never finish. */
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type Started, startApp } from '../conformance/started.ts'
import { boundary, field, fields, get, multipart, urlencoded } from './requests.ts'
import { assertUnharmed } from './unharmed.ts'

describe('clients that never finish hold up nobody', () => {
  let app: Started
  before(async () => {
    app = await startApp()
  })
  after(async () => {
    assert.equal(await app.stop(), 0)
  })

  const beginnings: readonly (readonly [fact: string, bytes: string])[] = [
    ['who say nothing', ''],
    ['who send half a line', 'GET /heal'],
    ['who send half a head', 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: '],
    ['who send a head without its end', 'GET /health HTTP/1.1\r\nHost: localhost\r\n'],
    [
      'who send a head and no body',
      `POST /pay HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${urlencoded}\r\nContent-Length: 8\r\n\r\n`,
    ],
    [
      'who send half a body',
      `POST /pay HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${urlencoded}\r\nContent-Length: 8\r\n\r\namoun`,
    ],
    [
      'who send half a chunk',
      `POST /pay HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${urlencoded}\r\nTransfer-Encoding: chunked\r\n\r\n8\r\namo`,
    ],
    [
      'who send half a webhook',
      'POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{',
    ],
    [
      'who send half a file',
      multipart(
        '/upload',
        `${field('note', 'x')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf`,
      ).replace(/Content-Length: \d+/, 'Content-Length: 100000'),
    ],
    ['who read nothing of what they asked for', fields('/echo', `a=${'%00'.repeat(100_000)}`)],
  ]
  for (const [fact, bytes] of beginnings) {
    it(`${fact}, fifty at once`, async () => {
      const sockets = Array.from({ length: 50 }, () => opened(app.port, bytes))
      await setTimeout(100)
      const begun = performance.now()
      for (let round = 0; round < 10; round++) assert.equal((await fetch(`${app.url}/health`)).status, 200)
      assert.ok(performance.now() - begun < 2000)
      for (const socket of sockets) socket.destroy()
      await assertUnharmed(app)
    })
  }

  it('who send a head a byte at a time get their answer', async () => {
    const socket = opened(app.port, '')
    let received = ''
    socket.on('data', (text) => {
      received += text
    })
    for (const byte of get('/health')) {
      socket.write(byte)
      await setTimeout(1)
    }
    for (let round = 0; round < 40 && received === ''; round++) await setTimeout(25)
    assert.match(received, /^HTTP\/1\.1 200 .*\r\n\r\nok$/s)
    await assertUnharmed(app)
  })

  it('who reset the connection in the middle of everything do no harm', async () => {
    for (const [, bytes] of beginnings) {
      const socket = opened(app.port, bytes)
      await setTimeout(10)
      socket.resetAndDestroy()
    }
    await assertUnharmed(app)
  })
})

function opened(port: number, bytes: string): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {}) // the server may well close it first
  socket.write(bytes, 'latin1')
  return socket
}
