import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Dewar } from 'dewar'
import { defaultLimits } from '../../src/http/limits.ts'
import { readMediaType } from '../../src/http/media-type.ts'
import { boundaryOf, MultipartDecoder } from '../../src/http/multipart.ts'
import type { PartEvent, PartHead } from '../../src/http/part-event.ts'
import { type Capture, captures } from './captures.ts'
import { echoApp, expected } from './echo.ts'
import { factsOf, field, file, type Meant } from './meant.ts'

const wellFormed = captures.filter(({ refused, isUnopened }) => refused === undefined && isUnopened === undefined)

/** Every part as it was sent; a refusal is the last of them. */
type Part = { readonly head: PartHead; readonly bytes: Buffer } | { readonly refused: string }

function decode({ contentType }: Capture, pieces: Iterable<Uint8Array>): Part[] {
  const type = readMediaType(contentType) ?? assert.fail('no type')
  const bounded = boundaryOf(type)
  if (bounded.kind === 'refused') return [{ refused: bounded.code }]
  const decoder = new MultipartDecoder(bounded.boundary, defaultLimits)
  const parts: Part[] = []
  const held: Buffer[] = []
  for (const piece of pieces) for (const event of decoder.push(piece)) take(event, parts, held)
  const refused = decoder.finish()
  if (refused !== null && !parts.some((part) => 'refused' in part)) parts.push({ refused: refused.code })
  return parts
}

function take(event: PartEvent, parts: Part[], held: Buffer[]): void {
  const last = parts.at(-1)
  switch (event.kind) {
    case 'part':
      parts.push({ head: event.head, bytes: Buffer.alloc(0) })
      return
    case 'data':
      held.push(Buffer.from(event.bytes))
      return
    case 'end':
      if (last === undefined || 'refused' in last) assert.fail('the end of no part')
      parts[parts.length - 1] = { ...last, bytes: Buffer.concat(held.splice(0)) }
      return
    case 'refused':
      parts.push({ refused: event.code })
  }
}

function meant(part: Part): Meant {
  if ('refused' in part) assert.fail(part.refused)
  const { name, filename, type } = part.head
  return filename === null ? field(name, part.bytes.toString()) : file(name, filename, part.bytes, type)
}

/** Where to cut a body: everywhere, or in a long one everywhere near a line end, and at every 7th byte. */
function cuts(body: Buffer): number[] {
  const all = Array.from({ length: body.length - 1 }, (_, at) => at + 1)
  return body.length <= 4096 ? all : all.filter((at) => at % 7 === 0 || body.subarray(at - 3, at + 3).includes('\r\n'))
}

function* bytewise(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at++) yield body.subarray(at, at + 1)
}

function cutAt(body: Buffer, at: number): Buffer[] {
  return [body.subarray(0, at), body.subarray(at)]
}

describe('what real clients sent', () => {
  for (const capture of wellFormed) {
    const { name, client, body, entries } = capture

    it(`is read as it was meant: ${name} (${client})`, () => {
      assert.deepEqual(factsOf(decode(capture, [body]).map(meant)), entries)
    })

    it(`is read the same byte by byte, and cut in two anywhere: ${name}`, () => {
      const whole = decode(capture, [body])
      assert.deepEqual(decode(capture, bytewise(body)), whole)
      for (const at of cuts(body)) assert.deepEqual(decode(capture, cutAt(body, at)), whole, `cut at ${at}`)
    })
  }
})

describe('an app', () => {
  let folder: string
  let app: Dewar

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'captures-'))
    app = echoApp(folder)
  })

  after(() => rm(folder, { recursive: true }))

  async function post({ contentType }: Capture, pieces: Iterable<Uint8Array>): Promise<Response> {
    const headers = { 'content-type': contentType }
    const init = { method: 'POST', headers, body: streamOf(pieces), duplex: 'half' }
    return app.fetch(new Request('http://localhost/echo', init as RequestInit)) // duplex is not among its types
  }

  for (const capture of wellFormed) {
    const { name, body, entries } = capture

    it(`gets what was meant, in one piece and byte by byte: ${name}`, async () => {
      for (const pieces of [[body], bytewise(body)]) {
        assert.deepEqual(await (await post(capture, pieces)).json(), expected(entries))
      }
    })

    it(`gets the same cut in two, at either end of every boundary and at every 31st byte: ${name}`, async () => {
      const told = expected(entries)
      const places = cuts(body).filter((at) => at % 31 === 0 || isAtBoundary(capture, at))
      const sixteen = Array.from({ length: 16 }, async (_, lane) => {
        for (let turn = lane; turn < places.length; turn += 16) {
          const at = places[turn] ?? 0
          assert.deepEqual(await (await post(capture, cutAt(body, at))).json(), told, `cut at ${at}`)
        }
      })
      await Promise.all(sixteen)
    })
  }

  for (const capture of captures.filter(({ refused }) => refused !== undefined)) {
    it(`refuses what it would misread, with a page that says why: ${capture.name} (${capture.client})`, async () => {
      for (const pieces of [[capture.body], bytewise(capture.body)]) {
        const answer = await post(capture, pieces)
        assert.equal(answer.status, 400)
        assert.ok((await answer.text()).includes(capture.refused ?? ''))
      }
    })
  }

  for (const { name, body, ...capture } of captures.filter(({ isUnopened }) => isUnopened)) {
    it(`leaves a multipart/mixed part closed: ${name}`, async () => {
      const { fields, files } = await (await post({ name, body, ...capture }, [body])).json()
      assert.deepEqual([fields.length, fields[0][0], files], [1, capture.entries[0]?.name, []])
      assert.match(fields[0][1], /filename="a\.txt"[\s\S]*filename="b\.txt"/)
    })
  }

  it('has nothing left of them', async () => {
    assert.deepEqual(await readdir(join(folder, '.tmp')), [])
  })
})

function streamOf(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.iterator]()
  return new ReadableStream({
    pull(controller) {
      const { value, done } = iterator.next()
      if (done) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
  })
}

// At either end of a boundary: in the line end before it and its dashes, or in what follows it.
function isAtBoundary({ contentType, body }: Capture, at: number): boolean {
  const delimiter = `--${readMediaType(contentType)?.parameters.get('boundary')}`
  const around = body.subarray(Math.max(0, at - delimiter.length - 4), at + delimiter.length + 3)
  const place = around.indexOf(delimiter) + Math.max(0, at - delimiter.length - 4)
  const into = at - place
  return around.includes(delimiter) && (into <= 3 || into >= delimiter.length - 1)
}
