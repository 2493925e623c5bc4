import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readlink, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { attachment } from '../../src/index.ts'
import type { Server } from '../../src/node.ts'
import { openWire, type Wire } from './raw.ts'
import { loggedBy, newApp, served } from './served.ts'

const mebibyte = 1024 * 1024
const largeBytes = 64 * mebibyte

// More than all buffers between the disk and a client that does not read, and far less than the file.
const onTheWayBytes = 24 * mebibyte

const ask = (path: string, method = 'GET', more = ''): string => `${method} ${path} HTTP/1.1\r\nhost: x\r\n${more}\r\n`

describe('a download', () => {
  let folder: string
  let server: Server

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'downloads-'))
    const app = newApp()
    app.get('/files/:name', ({ params }) => attachment(params.name, { folder }))
    app.get('/front', () => 'front page')
    server = await served(app)
    await writeFile(join(folder, 'letters.txt'), 'abcdefghij')
    await writeFile(join(folder, 'large'), '')
    await truncate(join(folder, 'large'), largeBytes)
  })

  after(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })

  // Where there is no /proc nobody can tell.
  async function timesOpen(name: string): Promise<number> {
    const open = existsSync('/proc/self/fd') ? await readdir('/proc/self/fd') : []
    const paths = await Promise.all(open.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => '')))
    return paths.filter((path) => path === join(folder, name)).length
  }

  async function untilClosed(name: string): Promise<void> {
    for (let tries = 0; (await timesOpen(name)) > 0; tries++) {
      assert.ok(tries < 100, `${name} is still open`)
      await wait(20)
    }
  }

  async function begin(name: string): Promise<Wire> {
    const wire = await openWire(server.port)
    await wire.send(ask(`/files/${name}`))
    await wire.until(/\r\n\r\n./s) // it is open on disk
    wire.pause()
    return wire
  }

  test('is read no faster than its client takes it, and is closed on disk when the client leaves', async () => {
    const before = process.memoryUsage().arrayBuffers
    const wire = await begin('large')
    await wait(300)
    const [open, held] = [await timesOpen('large'), process.memoryUsage().arrayBuffers - before]
    wire.leave()
    await untilClosed('large')
    assert.equal(open, existsSync('/proc/self/fd') ? 1 : 0)
    assert.ok(held < onTheWayBytes, `${held} bytes are held`)
  })

  test('that becomes shorter on its way ends the connection, and is one line in the log', async () => {
    await writeFile(join(folder, 'shrinks'), '')
    await truncate(join(folder, 'shrinks'), largeBytes)
    const lines = await loggedBy(async () => {
      const wire = await begin('shrinks')
      await truncate(join(folder, 'shrinks'), 1000)
      wire.resume()
      await wire.closed()
      assert.match(wire.received, new RegExp(`^content-length: ${largeBytes}\r$`, 'm'))
      assert.ok(wire.receivedBytes < largeBytes)
    })
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /became shorter/)
    await untilClosed('shrinks')
  })

  test('leaves the connection as it has to be for the next answers, whatever was asked', async () => {
    const wire = await openWire(server.port)
    const path = '/files/letters.txt'
    await wire.send(
      ask(path, 'GET', 'range: bytes=2-4\r\n') +
        ask(path, 'GET', 'range: bytes=90-\r\n') +
        ask(path, 'HEAD', 'range: bytes=2-4\r\n') +
        ask(path, 'GET', 'if-none-match: *\r\n') +
        ask(path, 'GET', 'if-match: "x"\r\n') +
        ask(path) +
        ask('/front', 'GET', 'connection: close\r\n'),
    )
    await wire.closed()
    const answers = wire.received.split('HTTP/1.1 ').slice(1)
    assert.deepEqual(
      answers.map((answer) => [answer.slice(0, 3), answer.split('\r\n\r\n')[1]]),
      [
        ['206', 'cde'],
        ['416', ''],
        ['200', ''],
        ['304', ''],
        ['412', ''],
        ['200', 'abcdefghij'],
        ['200', 'front page'],
      ],
    )
  })
})
