import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { assertLinear } from '../../test/linear.ts'
import type { ErrorCode } from '../errors/table.ts'
import { defaultLimits, type FormLimits } from './limits.ts'
import { readMediaType } from './media-type.ts'
import { boundaryOf, MultipartDecoder } from './multipart.ts'
import type { PartEvent } from './part-event.ts'

/** An event with its bytes as Latin-1 text, so that any bytes can be written in a table. */
type Told = Exclude<PartEvent, { kind: 'data' }> | { readonly kind: 'data'; readonly text: string }

interface Example {
  readonly body: string
  readonly told: readonly Told[]
  readonly boundary?: string
  readonly limits?: Partial<FormLimits>
}

const disposition = 'Content-Disposition: form-data; name='
const head = `${disposition}"a"\r\n\r\n`

function part(name: string, text: string, filename: string | null = null, type: string | null = null): Told[] {
  const data: Told[] = text === '' ? [] : [{ kind: 'data', text }]
  return [{ kind: 'part', head: { name, filename, type } }, ...data, { kind: 'end' }]
}

function unfinished(name: string, text: string, ...rest: readonly Told[]): Told[] {
  return [...part(name, text).slice(0, -1), ...rest]
}

function malformed(detail: string): Told {
  return { kind: 'refused', code: 'form/multipart-malformed', detail }
}

function refused(code: ErrorCode, detail: string): Told {
  return { kind: 'refused', code, detail }
}

const noBoundary = malformed(
  'The last boundary is missing: no line of the body has the boundary that Content-Type names.',
)
const endsInPart = malformed('The last boundary is missing: the body ends inside a part.')
const endsInHead = malformed('The last boundary is missing: the body ends among the headers of a part.')
const noEmptyLine = malformed('A part has no empty line behind its headers.')
const longHeaders = refused('form/part-headers-too-large', 'The headers of a part have more than 60 bytes.')

// A part with these header lines, in an otherwise whole body.
function withHead(...lines: readonly string[]): string {
  return `--b\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\nx\r\n--b--`
}

const wellFormed: Record<string, Example> = {
  'a field': { body: `--b\r\n${head}x\r\n--b--\r\n`, told: part('a', 'x') },
  'a body without the last line end': { body: `--b\r\n${head}x\r\n--b--`, told: part('a', 'x') },
  'a field without text': { body: `--b\r\n${head}\r\n--b--\r\n`, told: part('a', '') },
  'a part whose empty line is the line end before the boundary': {
    body: `--b\r\n${head}--b\r\n${head}x\r\n--b--`,
    told: [...part('a', ''), ...part('a', 'x')],
  },
  'fields in the order sent, equal names included': {
    body: `--b\r\n${head}1\r\n--b\r\n${disposition}"c"\r\n\r\n2\r\n--b\r\n${head}3\r\n--b--\r\n`,
    told: [...part('a', '1'), ...part('c', '2'), ...part('a', '3')],
  },
  'a file': {
    body: `--b\r\n${disposition}"a"; filename="c.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\0\r\n--b--\r\n`,
    told: part('a', '\x89PNG\r\n\x1a\n\0', 'c.png', 'image/png'),
  },
  'a file without a type': {
    body: withHead(`${disposition}"a"; filename="c"`),
    told: part('a', 'x', 'c'),
  },
  'a file input in which nothing was chosen': {
    body: `--b\r\n${disposition}"a"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--b--\r\n`,
    told: part('a', '', '', 'application/octet-stream'),
  },
  'a form without fields': { body: '--b--', told: [] },
  'a form without fields, after an empty line': { body: '\r\n--b--\r\n', told: [] },
  'a preamble': { body: `This is MIME.\r\n--b\r\n${head}x\r\n--b--`, told: part('a', 'x') },
  'a preamble of near-boundaries': {
    body: `--\r\n-b\r\n--bb\r\n--b \r--b\n\r\n--b\r\n${head}x\r\n--b--`,
    told: part('a', 'x'),
  },
  'a preamble as long as allowed': {
    body: `1234567890\r\n--b\r\n${head}x\r\n--b--`,
    limits: { preambleBytes: 10 },
    told: part('a', 'x'),
  },
  'an epilogue, whatever is in it': {
    body: `--b\r\n${head}x\r\n--b--\r\n--b\r\nnonsense\0\n\r\n--b--`,
    told: part('a', 'x'),
  },
  'an epilogue on the line of the last boundary': { body: `--b\r\n${head}x\r\n--b-- \t!`, told: part('a', 'x') },
  'spaces and tabs behind a boundary': {
    body: `--b \t \r\n${head}x\r\n--b\t\r\n${head}y\r\n--b--`,
    told: [...part('a', 'x'), ...part('a', 'y')],
  },
  'few spaces behind each of many boundaries': {
    body: `${`--b   \r\n${head}x\r\n`.repeat(30)}--b--`,
    limits: { partHeaderBytes: 42 },
    told: Array.from({ length: 30 }, () => part('a', 'x')).flat(),
  },
  'spaces behind a boundary that make it none': {
    body: `--b\r\n${head}x\r\n--b \t y\r\n--b \rz\r\n--b --\r\n--b--`,
    told: part('a', 'x\r\n--b \t y\r\n--b \rz\r\n--b --'),
  },
  'near-boundaries in a text': {
    body: `--b\r\n${head}--bb\r\n--\r\n-b\r\n--B\r\n--b-\r\n--b-c\r\n--b:\n--b\r\r\n --b\r\n--b--`,
    told: part('a', '--bb\r\n--\r\n-b\r\n--B\r\n--b-\r\n--b-c\r\n--b:\n--b\r\r\n --b'),
  },
  'a boundary after a carriage return that begins no line end': {
    body: `--b\r\n${head}x\r\r\r\n--b\r\r\n--b--`,
    told: part('a', 'x\r\r\r\n--b\r'),
  },
  'line ends at both ends of a text': {
    body: `--b\r\n${head}\r\n\r\nx\r\n\r\n\r\n--b--`,
    told: part('a', '\r\n\r\nx\r\n\r\n'),
  },
  'lines that end in LF only': {
    body: `--b\r\n${head}x\n--b\ny\n--b--\n\r\n--b--`,
    told: part('a', 'x\n--b\ny\n--b--\n'),
  },
  'a multipart inside, whose boundary begins like the outer one': {
    body: `--b\r\n${head}--b1\r\n${head}x\r\n--b1\r\n\r\ny\r\n--b1--\r\n--b--`,
    told: part('a', `--b1\r\n${head}x\r\n--b1\r\n\r\ny\r\n--b1--`),
  },
  'a multipart/mixed part, unopened': {
    body: `--b\r\n${disposition}"a"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--`,
    told: part('a', '--c\r\n\r\nx\r\n--c--', null, 'multipart/mixed; boundary=c'),
  },
  'a boundary of 70 characters': {
    boundary: `'()+_,-./:=? ${'a'.repeat(57)}`,
    body: `--'()+_,-./:=? ${'a'.repeat(57)}\r\n${head}${'a'.repeat(80)}\r\n--'()+_,-./:=? ${'a'.repeat(57)}--`,
    told: part('a', 'a'.repeat(80)),
  },
  'a boundary of dashes': {
    boundary: '----',
    body: `------\r\n${head}\r\n-----\r\n--\r\n------a\r\n--------`,
    told: part('a', '\r\n-----\r\n--\r\n------a'),
  },
  'a boundary that repeats itself': {
    boundary: 'aab',
    body: `--aab\r\n${head}aaab\r\n--aaab\r\n--aa\r\n--aab--`,
    told: part('a', 'aaab\r\n--aaab\r\n--aa'),
  },
  'bytes that are not UTF-8 in a text, which are the reader’s to judge': {
    body: `--b\r\n${head}\xff\xfe\xc3\r\n--b--`,
    told: part('a', '\xff\xfe\xc3'),
  },
  'a name and a filename in UTF-8': {
    body: withHead(Buffer.from(`${disposition}"ë😀"; filename="\ufeffñ"`).toString('latin1')),
    told: part('ë😀', 'x', '\ufeffñ'),
  },
  'an empty name': { body: withHead(`${disposition}""`), told: part('', 'x') },
  'a long name with escapes': {
    body: withHead(`${disposition}"a%22b%0D%0Ac%20%0a%"; filename="\\"q\\" C:\\d\\"`),
    told: part('a"b\r\nc%20%0a%', 'x', '"q" C:\\d\\'),
  },
  'header names in any case, space around values, other headers': {
    body: withHead(
      'content-disposition:form-data; NAME=a \t',
      'X-A:',
      'x-a: \xc3\xab\t1',
      'CONTENT-TYPE:\t text/plain ',
    ),
    told: part('a', 'x', null, 'text/plain'),
  },
  'an empty type': { body: withHead(`${disposition}a`, 'Content-Type:'), told: part('a', 'x', null, '') },
  'a field in UTF-8 or ASCII by its own word': {
    body:
      `--b\r\n${disposition}"a"\r\nContent-Type: text/plain; charset="UTF-8"\r\n\r\nx\r\n` +
      `--b\r\n${disposition}"a"\r\nContent-Type: text/plain;charset=us-ascii\r\n\r\ny\r\n--b--`,
    told: [
      ...part('a', 'x', null, 'text/plain; charset="UTF-8"'),
      ...part('a', 'y', null, 'text/plain;charset=us-ascii'),
    ],
  },
  'a file in any charset': {
    body: withHead(`${disposition}a; filename=c`, 'Content-Type: text/csv; charset=latin1'),
    told: part('a', 'x', 'c', 'text/csv; charset=latin1'),
  },
  'a part that says that it is not encoded': {
    body: withHead(`${disposition}a`, 'Content-Transfer-Encoding: Binary', 'content-transfer-encoding: 8bit'),
    told: part('a', 'x'),
  },
  'headers as long and as many as allowed': {
    body: withHead(`${disposition}"a"`, 'X-A: 34567890123'),
    limits: { partHeaderBytes: 60, partHeaders: 2 },
    told: part('a', 'x'),
  },
  'as many parts and as long a name as allowed': {
    body: withHead(`${disposition}"\xc3\xab"`),
    limits: { parts: 1, nameBytes: 2 },
    told: part('ë', 'x'),
  },
}

const notWellFormed: Record<string, Example> = {
  'an empty body': { body: '', told: [noBoundary] },
  'a line end alone': { body: '\r\n', told: [noBoundary] },
  'a body with another boundary': { body: `--c\r\n${head}x\r\n--c--\r\n`, told: [noBoundary] },
  'a body whose lines end in LF': { body: `--b\n${head.replaceAll('\r', '')}x\n--b--\n`, told: [noBoundary] },
  'a first boundary in the middle of a line': { body: ` --b\r\n${head}x`, told: [noBoundary] },
  'a boundary and nothing else': { body: '--b', told: [noBoundary] },
  'a last boundary with one dash missing': { body: '--b-', told: [noBoundary] },
  'a body that ends behind a boundary': { body: '--b\r\n', told: [endsInHead] },
  'a body that ends among headers': { body: `--b\r\n${head.slice(0, -1)}`, told: [endsInHead] },
  'a body that ends behind the headers': { body: `--b\r\n${head}`, told: unfinished('a', '', endsInPart) },
  'a body that ends in a text': { body: `--b\r\n${head}x`, told: unfinished('a', 'x', endsInPart) },
  'a body that ends in a boundary': { body: `--b\r\n${head}x\r\n--`, told: unfinished('a', 'x', endsInPart) },
  'a body that ends in the last boundary': { body: `--b\r\n${head}x\r\n--b-`, told: unfinished('a', 'x', endsInPart) },
  'a preamble that is too long': {
    body: `12345678901\r\n--b\r\n${head}x\r\n--b--`,
    limits: { preambleBytes: 10 },
    told: [refused('form/preamble-too-large', 'There are more than 10 bytes before the first part.')],
  },
  'a preamble of a near-boundary that is too long': {
    body: `12345\r\n--b \ty\r\n--b\r\n${head}x\r\n--b--`,
    limits: { preambleBytes: 10 },
    told: [refused('form/preamble-too-large', 'There are more than 10 bytes before the first part.')],
  },
  'too many spaces behind a boundary': {
    body: `--b${' '.repeat(11)}\r\n${head}x\r\n--b--`,
    limits: { partHeaderBytes: 10 },
    told: [refused('form/part-headers-too-large', 'A boundary has more than 10 spaces behind it.')],
  },
  'a part that is one too many': {
    body: `--b\r\n${head}x\r\n--b\r\n${head}y\r\n--b--`,
    limits: { parts: 1 },
    told: [...part('a', 'x'), refused('form/too-many-parts', 'The form has more than 1 parts.')],
  },
  'a header too many': {
    body: withHead(`${disposition}"a"`, 'X-A: 1', 'X-B: 2'),
    limits: { partHeaders: 2 },
    told: [refused('form/part-headers-too-large', 'A part has more than 2 headers.')],
  },
  'headers that are one byte too long': {
    body: withHead(`${disposition}"a"`, 'X-A: 345678901234'),
    limits: { partHeaderBytes: 60 },
    told: [longHeaders],
  },
  'headers that are too long, and wrong besides': {
    body: withHead('\0', `${disposition}"a"`, 'X-A: 345678901'),
    limits: { partHeaderBytes: 60 },
    told: [longHeaders],
  },
  'headers that never end': {
    body: `--b\r\n${'a'.repeat(80)}`,
    limits: { partHeaderBytes: 60 },
    told: [longHeaders],
  },
  'a name that is too long in bytes': {
    body: withHead(`${disposition}"\xc3\xab"`),
    limits: { nameBytes: 1 },
    told: [refused('form/name-too-long', 'A field name has more than 1 bytes.')],
  },
  'a plain name that is too long': {
    body: withHead(`${disposition}"ab"`),
    limits: { nameBytes: 1 },
    told: [refused('form/name-too-long', 'A field name has more than 1 bytes.')],
  },
  'a header that is not UTF-8': {
    body: withHead(`${disposition}"\xeb"`),
    told: [refused('form/not-utf8', 'A header of a part has bytes that are not UTF-8.')],
  },
  'a field in another charset': {
    body: withHead(`${disposition}"a"`, 'Content-Type: text/plain; charset=ISO-8859-1'),
    told: [refused('form/not-utf8', 'The field "a" is sent in "ISO-8859-1"; it has to be UTF-8.')],
  },
  'a boundary right behind a boundary': { body: '--b\r\n--b\r\n--b--', told: [endsInHead] },
  'a boundary right behind a boundary, and more': { body: `--b\r\n--b\r\n${head}x\r\n--b--`, told: [noEmptyLine] },
  'a boundary among headers': { body: `--b\r\n${disposition}"a"\r\n--b--: x\r\n\r\nx\r\n--b--`, told: [noEmptyLine] },
  'a part without headers': {
    body: '--b\r\n\r\nx\r\n--b--',
    told: [malformed('A part has no Content-Disposition header.')],
  },
  'a part without Content-Disposition': {
    body: withHead('Content-Type: text/plain'),
    told: [malformed('A part has no Content-Disposition header.')],
  },
  'a part with two Content-Dispositions': {
    body: withHead(`${disposition}"a"`, 'content-disposition: form-data; name="a"'),
    told: [malformed('A part has two Content-Disposition headers.')],
  },
  'a part with two types': {
    body: withHead(`${disposition}"a"`, 'Content-Type: a/b', 'Content-Type: a/b'),
    told: [malformed('A part has two Content-Type headers.')],
  },
  'a part that is an attachment': {
    body: withHead('Content-Disposition: attachment; name="a"'),
    told: [malformed('A part has the Content-Disposition "attachment; name=\\"a\\""; it has to be form-data.')],
  },
  'a part without a name': {
    body: withHead('Content-Disposition: form-data; filename="a"'),
    told: [malformed('The Content-Disposition of a part has no name.')],
  },
  'a part in base64': {
    body: withHead(`${disposition}"a"`, 'Content-Transfer-Encoding: base64'),
    told: [malformed('A part is sent with Content-Transfer-Encoding "base64"; a form has none (RFC 7578).')],
  },
  'a header that goes on in a second line': {
    body: withHead('Content-Disposition: form-data;', ' name="a"'),
    told: [malformed('A header of a part goes on in a second line.')],
  },
  'a first header line that begins with a tab': {
    body: withHead(`\t${disposition}"a"`),
    told: [malformed('A header of a part goes on in a second line.')],
  },
  'a header line that ends in LF': {
    body: withHead(`${disposition}"a"\nX-A: 1`),
    told: [malformed('A header of a part has a line feed without a carriage return in it.')],
  },
  'a header with a carriage return': {
    body: withHead(`${disposition}"a\rb"`),
    told: [malformed('A header of a part has a carriage return without a line feed in it.')],
  },
  'a header with NUL': {
    body: withHead(`${disposition}"a"; filename="b.php\0.png"`, 'Content-Type: image/png'),
    told: [malformed('A header of a part has the control character U+0000 in it.')],
  },
  'a type with DEL': {
    body: withHead(`${disposition}"a"; filename="b"`, 'Content-Type: image/png\x7f'),
    told: [malformed('A header of a part has the control character U+007F in it.')],
  },
  'a header line without a colon': {
    body: withHead(`${disposition}"a"`, 'X-A'),
    told: [malformed('A header line of a part has no colon: "X-A".')],
  },
  'a long header line without a colon': {
    body: withHead('<script>'.repeat(40)),
    told: [malformed(`A header line of a part has no colon: "${'<script>'.repeat(5)}…".`)],
  },
  'a header without a name': { body: withHead(': x'), told: [malformed('A part has a header with the name "".')] },
  'a header with a space before its colon': {
    body: withHead('Content-Disposition : form-data; name="a"'),
    told: [malformed('A part has a header with the name "Content-Disposition ".')],
  },
  'a quote that is not closed': {
    body: withHead(`${disposition}"a`),
    told: [malformed('A quote in the Content-Disposition of a part is not closed.')],
  },
}

const examples = Object.entries({ ...wellFormed, ...notWellFormed })

describe('a multipart body', () => {
  for (const [title, example] of examples) {
    it(`${title in wellFormed ? 'may have' : 'is refused for'}: ${title}`, () => {
      assert.deepEqual(tell(example, [bytesOf(example)]), example.told)
    })
  }

  for (const [title, example] of examples) {
    it(`says the same wherever it is cut in two: ${title}`, () => {
      const bytes = bytesOf(example)
      for (let cut = 0; cut <= bytes.length; cut++) {
        assert.deepEqual(tell(example, [bytes.subarray(0, cut), bytes.subarray(cut)]), example.told, `cut at ${cut}`)
      }
    })

    it(`says the same byte by byte: ${title}`, () => {
      const bytes = [...bytesOf(example)].map((byte) => Uint8Array.of(byte))
      assert.deepEqual(tell(example, bytes), example.told)
    })
  }
})

describe('a decoder of multipart bodies', () => {
  it('gives the bytes of a file as views of the chunk', () => {
    const decoder = new MultipartDecoder('b', defaultLimits)
    decoder.push(Buffer.from(`--b\r\n${head}`))
    const chunk = new Uint8Array(1000).fill(65)
    assert.deepEqual(decoder.push(chunk), [{ kind: 'data', bytes: chunk }])
    const [data] = decoder.push(Buffer.concat([chunk, Buffer.from('\r\n--b--')]))
    assert.ok(data?.kind === 'data' && data.bytes.length === 1000 && data.bytes.buffer.byteLength > 1000)
  })

  it('says nothing after it refused, and refuses again at the end', () => {
    const decoder = new MultipartDecoder('b', defaultLimits)
    const [refusal, ...more] = decoder.push(Buffer.from(`--b\r\n\r\n\r\n--b\r\n${head}x\r\n--b--`))
    assert.equal(refusal?.kind, 'refused')
    assert.deepEqual(more, [])
    assert.deepEqual(decoder.push(Buffer.from(`\r\n--b\r\n${head}x\r\n--b--`)), [])
    assert.deepEqual(decoder.finish(), refusal)
  })

  it('takes empty chunks', () => {
    const bytes = [...Buffer.from(`--b\r\n${head}x\r\n--b--`)].flatMap((byte) => [
      new Uint8Array(),
      Uint8Array.of(byte),
    ])
    assert.deepEqual(tell({}, bytes), part('a', 'x'))
  })

  it('has no limits where they are infinite', () => {
    const limits = Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, Number.POSITIVE_INFINITY]))
    const body = `${'p'.repeat(2000)}\r\n--b\r\nX-A: ${'a'.repeat(9000)}\r\n${head}x\r\n--b--`
    assert.deepEqual(tell({ limits }, [Buffer.from(body)]), part('a', 'x'))
    assert.deepEqual(
      tell(
        { limits },
        [...Buffer.from(body)].map((byte) => Uint8Array.of(byte)),
      ),
      part('a', 'x'),
    )
  })
})

function bytesOf({ body }: Example): Uint8Array {
  return Buffer.from(body, 'latin1')
}

function tell(how: Pick<Example, 'boundary' | 'limits'>, chunks: Iterable<Uint8Array>): readonly Told[] {
  const decoder = new MultipartDecoder(how.boundary ?? 'b', { ...defaultLimits, ...how.limits })
  const told: Told[] = []
  for (const chunk of chunks) {
    const own = Uint8Array.from(chunk)
    for (const event of decoder.push(own)) addTo(told, event)
    own.fill(0xaa) // what was pushed may be overwritten
  }
  const refusal = decoder.finish()
  if (refusal !== null && told.at(-1)?.kind !== 'refused') told.push(refusal)
  return told
}

function addTo(told: Told[], event: PartEvent): void {
  if (event.kind !== 'data') {
    told.push(event)
    return
  }
  assert.ok(event.bytes.length > 0)
  const text = Buffer.from(event.bytes).toString('latin1')
  const last = told.at(-1)
  if (last?.kind === 'data') told[told.length - 1] = { kind: 'data', text: last.text + text }
  else told.push({ kind: 'data', text })
}

describe('what a client encodes', () => {
  const boundaries = fc.constantFrom(
    'b',
    '----WebKitFormBoundaryhJfD1hxG0wYEJQvR',
    'aaaa',
    '-',
    "--'()+_,./:=? b",
    'abab',
  )
  // Of control characters a header can only hold a tab; what is not escaped must not look like an escape.
  const character = fc.oneof(
    fc.constantFrom('"', '\\', '%', ';', '\r', '\n', '\t', ' ', "'", 'ë', '😀', '\ufeff', '\u0085', '='),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are left out
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((text) => !/[\0-\x1f\x7f]/.test(text)),
  )
  const word = fc.string({ unit: character, maxLength: 12 }).filter((text) => !/%(?:22|0A|0D)/.test(text))

  it('is decoded to what was sent, whatever the names, contents and pieces', () => {
    fc.assert(
      fc.property(
        boundaries.chain((boundary) =>
          fc.tuple(fc.constant(boundary), fc.array(sentPart(boundary, word), { maxLength: 5 })),
        ),
        fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom('', 'preamble\r\n', '\r\n', '--\r\n'),
        (sentForm, sizes, preamble) => {
          const [boundary, parts] = sentForm
          const body = Buffer.concat([Buffer.from(preamble), encode(parts, boundary), Buffer.from('\r\nepilogue')])
          const expected = parts.flatMap((sent) =>
            part(sent.name, sent.content.toString('latin1'), sent.filename, sent.type),
          )
          assert.deepEqual(tell({ boundary }, pieces(body, sizes)), expected)
        },
      ),
      { numRuns: 1500 },
    )
  })

  it('is decoded by no other rule when it is nonsense, whatever the pieces', () => {
    const bits = [
      '--b',
      '\r\n',
      '\r',
      '\n',
      '--',
      'b',
      ' ',
      '\t',
      head,
      disposition,
      '"',
      ';',
      ':',
      'x',
      '\xff',
      '\0',
      '=',
    ]
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...bits), { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom({}, { partHeaderBytes: 50, preambleBytes: 5, parts: 2, partHeaders: 2, nameBytes: 1 }),
        (body, sizes, limits) => {
          const bytes = Buffer.from(`--b\r\n${body.join('')}`, 'latin1')
          assert.deepEqual(tell({ limits }, pieces(bytes, sizes)), tell({ limits }, [bytes]))
        },
      ),
      { numRuns: 3000 },
    )
  })
})

interface Sent {
  readonly name: string
  readonly filename: string | null
  readonly type: string | null
  readonly content: Buffer
  readonly padding: string
}

function sentPart(boundary: string, word: fc.Arbitrary<string>): fc.Arbitrary<Sent> {
  const delimiter = `\r\n--${boundary}`
  const bit = fc.oneof(
    fc.constantFrom('\r', '\n', '--', '-', ' ', '\0', '\xff', boundary, delimiter, `${delimiter}x`, `${delimiter}-`),
    fc.integer({ min: 0, max: delimiter.length }).map((length) => delimiter.slice(0, length)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  )
  const content = fc
    .array(bit, { maxLength: 8 })
    .map((bits) => bits.join(''))
    .filter((text) => !hasDelimiterLine(text, boundary))
  return fc.record({
    name: word,
    filename: fc.option(word),
    type: fc.option(fc.constantFrom('text/plain', 'image/png', 'text/plain; charset=utf-8')),
    content: content.map((text) => Buffer.from(text, 'latin1')),
    padding: fc.constantFrom('', '', '', ' ', '\t  '),
  })
}

// By the words of RFC 2046, not by how the decoder looks for one.
function hasDelimiterLine(content: string, boundary: string): boolean {
  return `\r\n${content}\r\n`
    .split(`\r\n--${boundary}`)
    .some((behind, index) => index > 0 && /^(?:--|[ \t]*\r\n|[ \t]*$)/.test(behind))
}

// As browsers do it.  WHATWG HTML §4.10.21.8
function encode(parts: readonly Sent[], boundary: string): Buffer {
  const quote = (text: string): string =>
    `"${text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')}"`
  const encoded = parts.flatMap(({ name, filename, type, content, padding }) => [
    Buffer.from(`--${boundary}${padding}\r\n`),
    Buffer.from(`Content-Disposition: form-data; name=${quote(name)}`),
    Buffer.from(filename === null ? '\r\n' : `; filename=${quote(filename)}\r\n`),
    Buffer.from(type === null ? '\r\n' : `Content-Type: ${type}\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...encoded, Buffer.from(`--${boundary}--`)])
}

function* pieces(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let from = 0
  for (let turn = 0; from < bytes.length; turn++) {
    const size = Math.max(turn % 2, sizes[turn % sizes.length] ?? 1) // a size of 0 is an empty piece, but not for ever
    yield bytes.subarray(from, from + size)
    from += size
  }
}

describe('the boundary of a Content-Type', () => {
  const given: Record<string, string> = {
    'multipart/form-data; boundary=b': 'b',
    'multipart/form-data; charset=utf-8; Boundary="a b"; x=y': 'a b',
    'multipart/form-data;boundary=----WebKitFormBoundaryhJfD1hxG0wYEJQvR': '----WebKitFormBoundaryhJfD1hxG0wYEJQvR',
    "multipart/form-data; boundary='()+_,-./:=?": "'()+_,-./:=?",
    'multipart/form-data; boundary="\\a\\b"': 'ab',
    [`multipart/form-data; boundary=${'a'.repeat(70)}`]: 'a'.repeat(70),
  }
  for (const [header, boundary] of Object.entries(given)) {
    it(`is given: ${header}`, () => assert.deepEqual(boundaryIn(header), { kind: 'boundary', boundary }))
  }

  const wrong: Record<string, string> = {
    'multipart/form-data': 'Content-Type names no boundary.',
    'multipart/form-data; boundary': 'Content-Type names no boundary.',
    'multipart/form-data; boundary=': 'Content-Type names no boundary.',
    'multipart/form-data; boundary=""': 'Content-Type names no boundary.',
    'multipart/form-data; boundary*=b': 'Content-Type names no boundary.',
    'multipart/form-data; boundary=b; boundary=b': 'Content-Type names two boundaries.',
    'multipart/form-data; boundary=b; BOUNDARY=c': 'Content-Type names two boundaries.',
    'multipart/form-data; boundary="b': 'The parameters of Content-Type cannot be read to the end.',
    'multipart/form-data; boundary=b c': 'The parameters of Content-Type cannot be read to the end.',
    'multipart/form-data; boundary=b; c d=e; boundary=c': 'The parameters of Content-Type cannot be read to the end.',
    'multipart/form-data; boundary=b, multipart/form-data; boundary=c':
      'The parameters of Content-Type cannot be read to the end.',
    'multipart/form-data; boundary="b "': 'The boundary "b " has a character that cannot stand there.',
    'multipart/form-data; boundary=" "': 'The boundary " " has a character that cannot stand there.',
    'multipart/form-data; boundary="a\tb"': 'The boundary "a\\tb" has a character that cannot stand there.',
    'multipart/form-data; boundary=a*b': 'The boundary "a*b" has a character that cannot stand there.',
    'multipart/form-data; boundary="a\\"b"': 'The boundary "a\\"b" has a character that cannot stand there.',
    'multipart/form-data; boundary=é': 'The boundary "é" has a character that cannot stand there.',
    'multipart/form-data; boundary="a\nb"': 'The boundary "a\\nb" has a character that cannot stand there.',
    'multipart/form-data; boundary="b\n"': 'The boundary "b\\n" has a character that cannot stand there.',
  }
  for (const [header, detail] of Object.entries(wrong)) {
    it(`is refused: ${JSON.stringify(header)}`, () => assert.deepEqual(boundaryIn(header), malformed(detail)))
  }

  it('is refused beyond 70 characters', () => {
    const refusal = boundaryIn(`multipart/form-data; boundary=${'a'.repeat(71)}`)
    assert.equal(refusal.kind === 'refused' && refusal.code, 'form/boundary-too-long')
  })

  function boundaryIn(header: string) {
    const type = readMediaType(header)
    assert.ok(type)
    return boundaryOf(type)
  }
})

describe('a flood', () => {
  const long = 'a'.repeat(70)
  const unlimited = { ...defaultLimits, parts: Infinity, partHeaders: Infinity, partHeaderBytes: Infinity }
  // The body up to where the flood comes, the flood's unit, and the boundary.
  const floods: Record<string, readonly [before: string, unit: string, boundary: string]> = {
    'carriage returns': ['content', '\r', 'b'],
    'carriage returns, with a long boundary': ['content', '\r', long],
    'line ends': ['content', '\r\n', 'b'],
    'beginnings of the delimiter': ['content', '\r\n-', long],
    'beginnings of a boundary': ['content', `\r\n--${long.slice(1)}`, long],
    'near-boundaries': ['content', `\r\n--${long}x`, long],
    'near-boundaries with spaces': ['content', `\r\n--b${' '.repeat(200)}x`, 'b'],
    'the one letter of the boundary': ['content', 'a', long],
    'carriage returns and the last letter of the boundary': ['content', '\ra', `${'b'.repeat(69)}a`],
    'dashes, with a boundary of dashes': ['content', '-', '-'.repeat(70)],
    'spaces behind a boundary': ['content', `\r\n--b `, 'b'],
    parts: ['content', `\r\n--b\r\n${head}`, 'b'],
    'parts with many headers': ['content', `\r\n--b\r\n${'X-A: 1\r\n'.repeat(50)}${head}`, 'b'],
    'quotes in a header': [disposition, '"', 'b'],
    'escaped quotes in a header': [`${disposition}"`, '\\"', 'b'],
    'escaped quotes and spaces in a header': [`${disposition}"`, `\\"${' '.repeat(50)}`, 'b'],
    'semicolons in a header': [`${disposition}a`, '; ', 'b'],
    'escapes in a header': [`${disposition}"`, '%22%', 'b'],
    'percent signs in filename*': [`${disposition}a; filename*=utf-8''`, '%41', 'b'],
    headers: ['', 'X-A: 1\r\n', 'b'],
    'line feeds among headers': ['', '\n', 'b'],
    'carriage returns among headers': ['', '\r', 'b'],
    'colons among headers': ['', ':', 'b'],
    'spaces in a header': ['X-A:', ' ', 'b'],
  }

  for (const [title, [before, unit, boundary]] of Object.entries(floods)) {
    const flood = (bytes: number): Buffer =>
      Buffer.concat([
        Buffer.from(`--${boundary}\r\n${before === 'content' ? `${head}x` : before}`),
        Buffer.alloc(bytes - (bytes % unit.length), unit),
        Buffer.from(before === 'content' ? `\r\n--${boundary}--` : `\r\n\r\n\r\n--${boundary}--`),
      ])

    it(`takes at most 2.6 times as long when it is twice as long: ${title}`, () => {
      assertLinear(600_000, (bytes) => {
        const body = flood(bytes)
        return () => decodeAll([body], boundary)
      })
    })

    it(`takes at most 2.6 times as long when it is twice as long, byte by byte: ${title}`, () => {
      assertLinear(30_000, (bytes) => {
        const body = [...flood(bytes)].map((byte) => Uint8Array.of(byte))
        return () => decodeAll(body, boundary)
      })
    })
  }

  function decodeAll(chunks: readonly Uint8Array[], boundary: string): void {
    const decoder = new MultipartDecoder(boundary, unlimited)
    for (const chunk of chunks) decoder.push(chunk)
    decoder.finish()
  }

  it('of headers without an end is refused at the limit, byte by byte too', () => {
    for (const flood of ['a', '\r', '\n', 'X-A: 1\r\n', ' ', '"']) {
      const decoder = new MultipartDecoder('b', defaultLimits)
      decoder.push(Buffer.from('--b\r\n'))
      const limit = defaultLimits.partHeaderBytes + 2 // with the empty line
      const bytes = [...Buffer.alloc(limit, flood)].map((byte) => Uint8Array.of(byte))
      const events = bytes.map((byte) => decoder.push(byte))
      assert.deepEqual(events.slice(0, -1).flat(), [])
      const [refusal] = events.at(-1) ?? []
      assert.equal(refusal?.kind === 'refused' && refusal.code, 'form/part-headers-too-large')
    }
  })

  it('of parts with long headers leaves nothing in memory', () => {
    const long = Buffer.from(`\r\n--b\r\nX-A: ${'a'.repeat(8000)}\r\n${head}`)
    const decoder = new MultipartDecoder('b', { ...defaultLimits, parts: Infinity })
    let parts = 0
    const pushAll = (count: number): void => {
      for (let turn = 0; turn < count; turn++) {
        for (let from = 0; from < long.length; from += 1000) {
          for (const event of decoder.push(long.subarray(from, from + 1000))) if (event.kind === 'part') parts++
        }
      }
    }
    pushAll(100)
    const before = memoryInUse()
    pushAll(2500) // 20 MB
    const grown = memoryInUse() - before
    assert.equal(parts, 2600)
    assert.ok(grown < 5_000_000, `${grown} bytes`)
    assert.deepEqual(decoder.finish()?.code, 'form/multipart-malformed')
  })
})

function memoryInUse(): number {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
