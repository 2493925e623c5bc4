import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openWire, type Wire } from '../../test/http/raw.ts'
import { DewarError } from '../errors/dewar-error.ts'
import type { Body } from '../http/body.ts'
import { watchArrival } from './arrival.ts'
import { nodeBody } from './node-body.ts'

interface Given {
  readonly body: Body
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

/** Begins a request with this head, without its end, and gives the body as a server has it. */
async function given(head: string, bytes: string | Uint8Array = ''): Promise<Given & { wire: Wire; done(): void }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const wire = await openWire((server.address() as AddressInfo).port)
  wire.send(`POST / HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`)
  const [incoming, outgoing] = await once(server, 'request')
  if (bytes.length > 0) wire.send(bytes)
  const pace = { graceMs: 60_000, bytesPerSecond: 500 }
  const arrival = watchArrival(incoming, outgoing, { pace, awaitsContinue: false })
  const done = (): void => {
    wire.leave()
    server.close()
    server.closeAllConnections()
  }
  return { body: nodeBody(incoming, arrival), incoming, outgoing, wire, done }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += Buffer.from(chunk).toString('latin1')
  return text
}

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof DewarError && error.code === expected
}

describe('the body of a Node request', () => {
  test('comes in chunks, whatever frames it', async () => {
    const long = await given('Content-Length: 6', 'abcdef')
    assert.equal(long.body.present, true)
    assert.equal(await textOf(long.body.chunks()), 'abcdef')
    long.done()
    const chunked = await given('Transfer-Encoding: chunked', '3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n')
    assert.equal(await textOf(chunked.body.chunks()), 'abcdef')
    chunked.done()
  })

  test('that is not there is absent, empty and without chunks', async () => {
    const { body, done } = await given('Content-Length: 0')
    assert.equal(body.present, false)
    assert.deepEqual(await body.bytes(0), { kind: 'read', bytes: new Uint8Array() })
    assert.equal(await textOf(body.chunks()), '')
    done()
  })

  test('can be read once, in whichever way', async () => {
    const first = await given('Content-Length: 3', 'abc')
    await textOf(first.body.chunks())
    await assert.rejects(textOf(first.body.chunks()), /read already/)
    await assert.rejects(first.body.bytes(10), /read already/)
    first.done()
    const second = await given('Content-Length: 3')
    const reading = second.body.bytes(10)
    await assert.rejects(textOf(second.body.chunks()), /read already/)
    second.wire.send('abc')
    assert.equal((await reading).kind, 'read')
    second.done()
  })

  test('longer than the limit is not waited for when it says so, and not read on when it does not', async () => {
    const honest = await given('Content-Length: 1000')
    assert.deepEqual(await honest.body.bytes(999), { kind: 'too-large' })
    honest.done()
    const chunked = await given('Transfer-Encoding: chunked', `400\r\n${'x'.repeat(1024)}\r\n`)
    assert.deepEqual(await chunked.body.bytes(1000), { kind: 'too-large' })
    assert.equal(chunked.incoming.isPaused(), true)
    chunked.done()
  })

  test('is not fetched before it is asked for', async () => {
    const size = 32 * 1024 * 1024
    const { body, incoming, done, wire } = await given(`Content-Length: ${size}`)
    const chunks = body.chunks()[Symbol.asyncIterator]()
    wire.send(new Uint8Array(size))
    const first = await chunks.next()
    assert.ok((first.value?.length ?? 0) > 0)
    await wait(200)
    assert.ok(incoming.readableLength <= incoming.readableHighWaterMark + 65_536, String(incoming.readableLength))
    const before = incoming.socket.bytesRead
    await wait(100)
    assert.equal(incoming.socket.bytesRead, before)
    done()
  })

  test('left early stays unread, and the connection can still answer', async () => {
    const { body, incoming, outgoing, wire, done } = await given('Content-Length: 10000000')
    wire.send(new Uint8Array(10_000_000))
    for await (const chunk of body.chunks()) {
      assert.ok(chunk.length > 0)
      break
    }
    await wait(50)
    assert.equal(incoming.destroyed, false)
    const before = incoming.socket.bytesRead
    await wait(100)
    assert.equal(incoming.socket.bytesRead, before)
    outgoing.end('enough')
    await wire.until(/enough/)
    done()
  })

  test('that its reader destroys does not end the connection either', async () => {
    const { incoming, outgoing, wire, done } = await given('Content-Length: 1000', 'abc')
    incoming.destroy()
    await once(incoming, 'close')
    outgoing.end('still here')
    await wire.until(/still here/)
    done()
  })

  test('rejects when the client goes away before the end', async () => {
    const chunked = await given('Transfer-Encoding: chunked', '3\r\nabc\r\n')
    const reading = textOf(chunked.body.chunks())
    setTimeout(() => chunked.wire.leave(), 50)
    await assert.rejects(reading, code('form/body-cut-short'))
    chunked.done()
    const whole = await given('Content-Length: 10', 'abc')
    const bytes = whole.body.bytes(10)
    setTimeout(() => whole.wire.leave(), 50)
    await assert.rejects(bytes, code('form/body-cut-short'))
    whole.done()
  })
})
