import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DewarError } from '../errors/dewar-error.ts'
import { bodyOf } from './body.ts'

function requestOf(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  const init = { method: 'POST', headers, body, duplex: 'half' as const }
  return new Request('http://localhost/', init)
}

/** A source that counts how often it is asked, and gives what it is told to. */
function source(give: (turn: number) => string | Error | null): {
  stream: ReadableStream<Uint8Array>
  asked(): number
  cancelled(): boolean
} {
  let turn = 0
  let isCancelled = false
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const part = give(turn++)
        if (part instanceof Error) controller.error(part)
        else if (part === null) controller.close()
        else controller.enqueue(new TextEncoder().encode(part))
      },
      cancel() {
        isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, asked: () => turn, cancelled: () => isCancelled }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += new TextDecoder().decode(chunk)
  return text
}

describe('the body of a web request', () => {
  test('comes in chunks, or as one', async () => {
    const parts = ['ab', 'cd', null]
    assert.equal(await textOf(bodyOf(requestOf(source((turn) => parts[turn] ?? null).stream)).chunks()), 'abcd')
    const read = await bodyOf(requestOf('abcd')).bytes(4)
    assert.equal(read.kind === 'read' && new TextDecoder().decode(read.bytes), 'abcd')
  })

  test('that is not there is absent and empty', async () => {
    const body = bodyOf(requestOf(null))
    assert.equal(body.present, false)
    assert.deepEqual(await body.bytes(0), { kind: 'read', bytes: new Uint8Array() })
  })

  test('can be read once', async () => {
    const body = bodyOf(requestOf('abcd'))
    assert.equal(await textOf(body.chunks()), 'abcd')
    await assert.rejects(textOf(body.chunks()), /read already/)
    await assert.rejects(body.bytes(10), /read already/)
    const request = requestOf('abcd')
    await request.text()
    await assert.rejects(bodyOf(request).bytes(10), /read already/)
  })

  test('is fetched as it is asked for, and left as it is when the loop is left', async () => {
    const endless = source(() => 'x')
    for await (const chunk of bodyOf(requestOf(endless.stream)).chunks()) {
      assert.equal(chunk.length, 1)
      break
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.ok(endless.asked() <= 2, String(endless.asked()))
    assert.equal(endless.cancelled(), false)
  })

  test('over the limit stops the reading, at once where its length is said', async () => {
    const endless = source(() => 'x'.repeat(100))
    assert.deepEqual(await bodyOf(requestOf(endless.stream)).bytes(1000), { kind: 'too-large' })
    assert.ok(endless.asked() < 15, String(endless.asked()))
    const unasked = source(() => 'x')
    const body = bodyOf(requestOf(unasked.stream, { 'content-length': '1001' }))
    assert.deepEqual(await body.bytes(1000), { kind: 'too-large' })
    assert.ok(unasked.asked() <= 1)
  })

  test('rejects when it breaks off, and says why if it is known', async () => {
    const broken = source((turn) => (turn === 0 ? 'a' : new Error('gone')))
    await assert.rejects(textOf(bodyOf(requestOf(broken.stream)).chunks()), (error) => {
      return error instanceof DewarError && error.code === 'form/body-cut-short' && error.cause instanceof Error
    })
    const slow = source(() => new DewarError('request/too-slow'))
    await assert.rejects(bodyOf(requestOf(slow.stream)).bytes(10), (error) => {
      return error instanceof DewarError && error.code === 'request/too-slow'
    })
  })
})
