import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { safeNameOf } from './safe-name.ts'

describe('a safe name', () => {
  const cases: readonly (readonly [sent: string, safe: string])[] = [
    ['photo.png', 'photo.png'],
    ['Grüße aus Köln.jpeg', 'Grüße_aus_Köln.jpeg'],
    ['日本.txt', '日本.txt'],
    ['../../etc/passwd', 'passwd'],
    ['/etc/passwd', 'passwd'],
    ['C:\\Users\\me\\photo.png', 'photo.png'],
    ['..', 'file'],
    ['.', 'file'],
    ['', 'file'],
    ['/', 'file'],
    ['.htaccess', 'htaccess'],
    ['-rf', 'rf'],
    ['a\0b.png', 'a_b.png'],
    ['a\r\nb.png', 'a_b.png'],
    ['gnp.\u202Eexe.png', 'gnp._exe.png'],
    ['a<b>:"|?*.png', 'a_b_.png'],
    ['trailing. . .', 'trailing'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com1.tar.gz', '_com1.tar.gz'],
    ['console.log', 'console.log'],
    ['\ud800.png', 'png'],
    ['e\u0301.png', '\u00e9.png'],
  ]
  for (const [sent, safe] of cases) {
    it(`of ${JSON.stringify(sent)} is ${JSON.stringify(safe)}`, () => assert.equal(safeNameOf(sent), safe))
  }

  it('has at most 200 bytes, keeps the extension, and never cuts a character', () => {
    const name = safeNameOf(`${'日'.repeat(300)}.png`)
    assert.ok(Buffer.byteLength(name) <= 200)
    assert.match(name, /^日+\.png$/)
  })

  it('of any text is a plain name, and its own safe name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const name = safeNameOf(text)
        assert.match(name, /^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}._-]*$/u)
        assert.ok(Buffer.byteLength(name) <= 200)
        assert.equal(safeNameOf(name), name)
      }),
      { numRuns: 2_000 },
    )
  })
})
