import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const mebibyte = 1024 * 1024

let folder: string
let server: ChildProcess
let url: URL

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-'))
  const script = fileURLToPath(new URL('upload-server.ts', import.meta.url))
  server = spawn(process.execPath, ['--expose-gc', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  url = await new Promise((resolve) =>
    server.stdout?.on('data', (line: Buffer) => resolve(new URL(line.toString().replace('listening on ', '')))),
  )
})

after(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill()
  await ended
  await rm(folder, { recursive: true })
})

interface Stats {
  readonly rssBytes: number
  readonly peakBytes: number
  readonly descriptors: number
  readonly parts: number
}

// By a connection of its own, which is gone afterwards: a kept one would be a descriptor more.
async function stats(query = ''): Promise<Stats> {
  const socket = await open()
  socket.write(`GET /stats?${query} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`)
  return JSON.parse(await answerOf(socket))
}

const head = '--b\r\nContent-Disposition: form-data; name="f"; filename="large.bin"\r\n\r\n'
const tail = '\r\n--b--\r\n'
const piece = Buffer.alloc(mebibyte)
for (let at = 0; at < piece.length; at++) piece[at] = (at * 2654435761) >>> 13

function uploadHead(bytes: number, path = '/upload', type = 'multipart/form-data; boundary=b'): string {
  return [
    `POST ${path} HTTP/1.1`,
    `Host: ${url.host}`,
    'Sec-Fetch-Site: same-origin',
    `Content-Type: ${type}`,
    `Content-Length: ${bytes}`,
    'Connection: close',
    '',
    '',
  ].join('\r\n')
}

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => resolve(socket))
    socket.once('error', reject)
  })
}

async function write(socket: Socket, bytes: string | Buffer): Promise<void> {
  if (!socket.write(bytes)) await new Promise((resolve) => socket.once('drain', resolve))
}

async function answerOf(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket.setEncoding('utf8')) text += chunk
  return text.slice(text.indexOf('\r\n\r\n') + 4)
}

async function upload(pieces: number): Promise<{ size: number; sha256: string }> {
  const socket = await open()
  const answer = answerOf(socket)
  await write(socket, uploadHead(head.length + pieces * piece.length + tail.length) + head)
  for (let sent = 0; sent < pieces; sent++) await write(socket, piece)
  await write(socket, tail)
  return JSON.parse(await answer)[0]
}

function hashOf(pieces: number): string {
  const hash = createHash('sha256')
  for (let at = 0; at < pieces; at++) hash.update(piece)
  return hash.digest('hex')
}

describe('a large upload over a real socket', () => {
  test('of 1 GiB arrives whole, in memory that stays within 64 MiB of idle', async (t) => {
    await upload(4)
    const idle = await stats('collect&reset')
    const started = performance.now()
    assert.deepEqual(await upload(1024), { size: 1024 * mebibyte, sha256: hashOf(1024) })
    const { peakBytes, parts, descriptors } = await stats()
    t.diagnostic(`peak ${Math.round((peakBytes - idle.rssBytes) / mebibyte)} MiB above idle`)
    t.diagnostic(`${Math.round(performance.now() - started)} ms, both ends`)
    assert.ok(peakBytes - idle.rssBytes <= 64 * mebibyte, `${peakBytes - idle.rssBytes} bytes more`)
    assert.deepEqual([parts, descriptors], [0, idle.descriptors])
  })

  test('waits for a handler that reads slowly, and memory stays flat', async () => {
    const idle = await stats('collect&reset')
    const bytes = 64 * mebibyte
    const socket = await open()
    let answered = false
    const answer = answerOf(socket).then((text) => {
      answered = true
      return text
    })
    await write(socket, uploadHead(bytes, '/slow', 'application/octet-stream'))
    const sending = (async () => {
      for (let sent = 0; sent < bytes; sent += piece.length) await write(socket, piece)
    })()
    await setTimeout(1_000)
    assert.equal(answered, false)
    assert.ok(socket.bytesWritten < bytes / 2, `${socket.bytesWritten} bytes were taken in a second`)
    const { peakBytes } = await stats()
    assert.ok(peakBytes - idle.rssBytes <= 64 * mebibyte, `${peakBytes - idle.rssBytes} bytes more`)
    await sending
    assert.deepEqual(JSON.parse(await answer), { bytes })
  })

  async function leaveAtHalf(): Promise<void> {
    const socket = await open()
    await write(socket, uploadHead(head.length + 2 * piece.length + tail.length) + head)
    await write(socket, piece)
    while ((await stats()).parts === 0) await setTimeout(5) // it has begun
    socket.destroy()
  }

  // What is there when nothing is left any more, or when the time is over.
  async function settled(idle: Stats, withinMilliseconds: number): Promise<Stats> {
    const deadline = Date.now() + withinMilliseconds
    let now = await stats('collect')
    while ((now.parts > 0 || now.descriptors > idle.descriptors) && Date.now() < deadline) {
      await setTimeout(20)
      now = await stats('collect')
    }
    return now
  }

  test('that a client leaves at half leaves no file and no descriptor within a second', async () => {
    const idle = await stats('collect')
    await leaveAtHalf()
    const { parts, descriptors } = await settled(idle, 1_000)
    assert.deepEqual([parts, descriptors], [0, idle.descriptors])
  })

  test('that a client leaves 200 times makes nothing grow', async () => {
    const idle = await stats('collect')
    for (let left = 0; left < 200; left++) await leaveAtHalf()
    const { parts, descriptors, rssBytes } = await settled(idle, 10_000)
    assert.deepEqual([parts, descriptors], [0, idle.descriptors])
    assert.ok(rssBytes - idle.rssBytes <= 32 * mebibyte, `${rssBytes - idle.rssBytes} bytes more`)
  })
})
