import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { defaultLimits, type FormLimits } from './limits.ts'
import { readPartHead } from './part-head.ts'
import { plainPartHead } from './plain-part-head.ts'

const disposition = 'Content-Disposition: form-data; name='

describe('the head of a part', () => {
  it('is read the short way as clients write it', () => {
    const heads = [
      [`${disposition}"a b"\r\n`, { name: 'a b', filename: null, type: null }],
      [`${disposition}""\r\n`, { name: '', filename: null, type: null }],
      [
        `${disposition}"a"; filename="b.png"\r\nContent-Type: image/png\r\n`,
        { name: 'a', filename: 'b.png', type: 'image/png' },
      ],
    ] as const
    for (const [text, head] of heads) assert.deepEqual(plain(text), head)
  })

  it('is left to the long way when it is written otherwise', () => {
    const heads = [
      'content-disposition: form-data; name="a"\r\n',
      'Content-Disposition: attachment; name="a"\r\n',
      `${disposition}"a\r\n`,
      `${disposition}a\r\n`,
      `${disposition}"a" \r\n`,
      `${disposition}"a"; filename="b"\r\n`,
      `${disposition}"a"\r\nX-A: b\r\n`,
      `${disposition}"a"\r\nContent-Type: text/plain; charset=latin1\r\n`,
      `${disposition}"a"; filename="b"\r\nContent-Type: \r\n`,
      `${disposition}"a"; filename="b"\r\nContent-Type: a/b\r\nX-A: b\r\n`,
      `${disposition}"a"; filename="b"\r\nContent-Type: a/b\x7f\r\n`,
      `${disposition}"a"; filename="b"\r\nContent-Type: a/ë\r\n`,
    ]
    for (const character of ['%', '\\', '\t', '\0', '\x7f', 'ë']) {
      heads.push(
        `${disposition}"a${character}"\r\n`,
        `${disposition}"a"; filename="b${character}"\r\nContent-Type: a/b\r\n`,
      )
    }
    for (const text of heads) assert.equal(plain(text), null, text)
  })

  it('is left to the long way when a limit is at hand', () => {
    const text = `${disposition}"ab"\r\n`
    assert.notEqual(plain(text, { nameBytes: 2, partHeaders: 2 }), null)
    assert.equal(plain(text, { nameBytes: 1 }), null)
    assert.equal(plain(text, { partHeaders: 1 }), null)
  })

  it('is the same whichever way it is read', () => {
    const word = fc.string({ unit: fc.constantFrom('a', ' ', ';', '=', ':', '~', '"', '\\', '%', '\r\n', 'ë', '\x7f') })
    const type = fc.constantFrom('', '\r\nContent-Type: a/b', '\r\nContent-Type:  a', '\r\nX: y', '\r\nContent-Type: ')
    fc.assert(
      fc.property(word, fc.option(word), type, (name, filename, rest) => {
        const text = `${disposition}"${name}"${filename === null ? '' : `; filename="${filename}"`}${rest}\r\n`
        const short = plain(text)
        // Another case of a header's name means the same and is not read the short way.
        const long = Buffer.from(text.replace('Content-D', 'content-d'))
        if (short !== null) assert.deepEqual(short, readPartHead(long, 0, long.length, defaultLimits))
      }),
      { numRuns: 2000 },
    )
  })

  it('is read from the middle of bytes', () => {
    for (const header of [disposition, disposition.toLowerCase()]) {
      const bytes = Buffer.from(`--b\r\n${header}"ë"\r\n\r\nx`)
      assert.deepEqual(readPartHead(bytes, 5, bytes.length - 3, defaultLimits), {
        name: 'ë',
        filename: null,
        type: null,
      })
    }
  })

  function plain(text: string, limits: Partial<FormLimits> = {}) {
    const bytes = Buffer.from(`--${text}\r\n--`)
    return plainPartHead(bytes, 2, bytes.length - 4, { ...defaultLimits, ...limits })
  }
})
