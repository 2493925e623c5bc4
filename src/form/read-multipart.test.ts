import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { DewarError } from '../errors/dewar-error.ts'
import { defaultLimits, type FormLimits } from '../http/limits.ts'
import type { Depot, StoredFile } from '../upload/depot.ts'
import { type Posted, readMultipart } from './read-multipart.ts'

const parts = [
  '--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nSea\r\n',
  '--b\r\nContent-Disposition: form-data; name="photo"; filename="a.txt"\r\n\r\n0123456789\r\n',
  '--b\r\nContent-Disposition: form-data; name="none"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n',
  '--b\r\nContent-Disposition: form-data; name="photo"; filename="b.txt"\r\n\r\nabc\r\n',
  '--b\r\nContent-Disposition: form-data; name="more"\r\n\r\nwords\r\n',
]
const body = `${parts.join('')}--b--\r\n`

/** A depot that only counts. */
class CountingDepot implements Depot {
  files = 0
  discarded = 0
  written = 0
  slow = false
  full = false

  async receive() {
    this.files += 1
    const pieces: Uint8Array<ArrayBuffer>[] = []
    return {
      write: async (bytes: Uint8Array) => {
        if (this.full) throw new DewarError('upload/not-stored')
        if (this.slow) await setTimeout(1)
        this.written += bytes.length
        pieces.push(bytes.slice())
      },
      finish: async () => ({ stored: this.#stored(new Blob(pieces)), sha256: '' }),
      discard: async () => {
        this.discarded += 1
      },
    }
  }

  async recall() {
    return null
  }
  async sweep() {}

  #stored(blob: Blob): StoredFile {
    return {
      blob,
      moveTo: async () => {},
      keep: async () => null,
      discard: async () => {
        this.discarded += 1
      },
    }
  }
}

async function* inPieces(text: string, bytes: number, onPull: (sent: number) => void = () => {}) {
  const all = Buffer.from(text)
  for (let at = 0; at < all.length; at += bytes) {
    onPull(at)
    yield all.subarray(at, at + bytes)
  }
}

interface Reading {
  readonly limits?: Partial<FormLimits>
  readonly depot?: CountingDepot
  readonly mostBytesOf?: (name: string) => number
  readonly chunks?: AsyncIterable<Uint8Array>
}

function read({ limits = {}, depot = new CountingDepot(), mostBytesOf = () => Infinity, chunks }: Reading) {
  const reading = { boundary: 'b', limits: { ...defaultLimits, ...limits }, depot, mostBytesOf }
  return readMultipart(chunks ?? inPieces(body, 7), reading)
}

async function posted(reading: Reading): Promise<Posted> {
  const result = await read(reading)
  return result.kind === 'posted' ? result : assert.fail(result.detail)
}

describe('reading a multipart form', () => {
  it('gives texts and files in the order sent; a file input in which nothing was chosen is no file', async () => {
    const { entries, files, excess } = await posted({})
    assert.deepEqual(entries, [
      ['note', 'Sea'],
      ['more', 'words'],
    ])
    const contents = files.map(([name, file]) => (file instanceof File ? [name, file.name, file.size] : [name]))
    assert.deepEqual(contents, [
      ['photo', 'a.txt', 10],
      ['photo', 'b.txt', 3],
    ])
    assert.equal(excess, null)
  })

  it('asks for more only when the last piece is stored', async () => {
    const depot = new CountingDepot()
    depot.slow = true
    const file = 'x'.repeat(10_000)
    const head = '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    let ahead = 0
    const chunks = inPieces(`${head}${file}\r\n--b--`, 100, (sent) => {
      ahead = Math.max(ahead, sent - head.length - depot.written)
    })
    await posted({ depot, chunks })
    assert.equal(depot.written, file.length)
    assert.ok(ahead <= 200, `${ahead} bytes ahead`) // the piece in hand, and what may begin a boundary
  })

  it('lets a file over its own limit go and reads on', async () => {
    const depot = new CountingDepot()
    const { entries, files, excess } = await posted({ depot, mostBytesOf: (name) => (name === 'photo' ? 5 : Infinity) })
    assert.equal(entries.length, 2)
    assert.deepEqual(files[0], ['photo', { kind: 'cut', name: 'a.txt', maxBytes: 5 }])
    assert.equal(files[1]?.[1] instanceof File, true)
    assert.equal(excess, null)
    assert.equal(depot.discarded, 1)
  })

  it('tells a broken limit with all that could still be read', async () => {
    for (const [limits, code, texts, files] of [
      [{ fileBytes: 5 }, 'form/file-too-large', 2, 2],
      [{ files: 1 }, 'form/too-many-files', 2, 1],
      [{ fields: 1 }, 'form/too-many-fields', 1, 2],
      [{ fieldBytes: 4 }, 'form/field-too-large', 1, 2],
      [{ bodyBytes: 5 }, 'form/body-too-large', 1, 2],
      [{ parts: 2 }, 'form/too-many-parts', 1, 1],
      [{ multipartBytes: 250 }, 'form/multipart-too-large', 1, 1],
    ] as const) {
      const result = await posted({ limits })
      assert.deepEqual([result.excess?.code, result.entries.length, result.files.length], [code, texts, files], code)
    }
  })

  it('removes everything when the body is malformed, is not UTF-8, or breaks off', async () => {
    async function* breakingOff() {
      yield Buffer.from(parts.slice(0, 2).join(''))
      yield Buffer.from(parts[3]?.slice(0, -3) ?? '')
      throw new Error('The client went away.')
    }
    const latin = `${parts.slice(0, 2).join('')}--b\r\nContent-Disposition: form-data; name="t"\r\n\r\n`
    const notUtf8 = Buffer.concat([Buffer.from(latin), Buffer.from([0xe9]), Buffer.from('\r\n--b--')])
    for (const chunks of [
      inPieces(parts.slice(0, 2).join(''), 9),
      inPieces(`${parts.slice(0, 2).join('')}--b\r\n: x\r\n\r\n`, 9),
      (async function* () {
        yield notUtf8
      })(),
      breakingOff(),
    ]) {
      const depot = new CountingDepot()
      const result = await read({ depot, chunks }).catch(() => null)
      assert.notEqual(result?.kind, 'posted')
      assert.ok(depot.files > 0)
      assert.equal(depot.discarded, depot.files)
    }
  })

  it('removes everything when a file cannot be stored', async () => {
    const depot = new CountingDepot()
    depot.full = true
    await assert.rejects(read({ depot }), /upload\/not-stored/)
    assert.equal(depot.discarded, depot.files)
  })

  it('holds a text that comes byte by byte in little memory', async () => {
    const text = 'x'.repeat(300_000)
    const before = process.memoryUsage().heapUsed + process.memoryUsage().external
    const chunks = inPieces(`--b\r\nContent-Disposition: form-data; name="t"\r\n\r\n${text}\r\n--b--`, 1)
    const { entries } = await posted({ chunks })
    assert.equal(entries[0]?.[1], text)
    const grown = process.memoryUsage().heapUsed + process.memoryUsage().external - before
    assert.ok(grown < 100 * 1024 * 1024, `${grown} bytes`)
  })
})
