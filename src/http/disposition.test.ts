import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { writeDisposition } from './disposition.ts'

describe('the name of a file to be saved', () => {
  const cases: readonly (readonly [name: string, written: string])[] = [
    ['photo.png', 'filename="photo.png"'],
    ['my photo.png', 'filename="my photo.png"'],
    ['naïve.txt', 'filename="na_ve.txt"; filename*=UTF-8\'\'na%C3%AFve.txt'],
    ['€ rates.pdf', 'filename="_ rates.pdf"; filename*=UTF-8\'\'%E2%82%AC%20rates.pdf'],
    ['100%.txt', 'filename="100_.txt"; filename*=UTF-8\'\'100%25.txt'],
    ['say "hi".txt', 'filename="say _hi_.txt"; filename*=UTF-8\'\'say%20%22hi%22.txt'],
    ["it's (1)*ü", "filename=\"it's (1)*_\"; filename*=UTF-8''it%27s%20%281%29%2A%C3%BC"],
    ['../../etc/passwd', 'filename="passwd"'],
    ['C:\\evil\\a.exe', 'filename="a.exe"'],
    ['a\r\nSet-Cookie: x=1', 'filename="aSet-Cookie: x=1"'],
    ['gnp.\u202Eexe', 'filename="gnp.exe"'],
    ['..', 'filename="download"'],
    ['', 'filename="download"'],
    ['\ud800', 'filename="_"; filename*=UTF-8\'\'%EF%BF%BD'],
  ]
  for (const [name, written] of cases) {
    it(`${JSON.stringify(name)} is written as ${written}`, () => {
      assert.equal(writeDisposition('attachment', name), `attachment; ${written}`)
    })
  }

  it('is cut, but for its extension', () => {
    assert.match(writeDisposition('inline', `${'a'.repeat(300)}.png`), /^inline; filename="a{146}\.png"$/)
  })

  it('is a header that every client can take, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const header = writeDisposition('attachment', name)
        assert.match(
          header,
          /^attachment; filename="[ -!#-[\]-~]+"(?:; filename\*=UTF-8''(?:[\w!#$&+.^`|~-]|%[0-9A-F]{2})+)?$/,
        )
      }),
      { numRuns: 2_000 },
    )
  })
})
