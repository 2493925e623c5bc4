import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { shownFileName } from './file-name.ts'

describe('the name of a file, for a person to read', () => {
  it('is itself', () => {
    const names = [
      'photo.png',
      'Straße 1.jpg',
      '写真.png',
      'קובץ.pdf',
      'a/b\\c',
      '<b>"\'&.txt',
      'می\u200Cخواهم.txt',
      '👩\u200D💻.txt',
    ]
    assert.deepEqual(names.map(shownFileName), names)
  })

  const hidden: Record<string, string> = {
    'turns the order of reading around': '\u202E',
    'embeds or isolates a direction': '\u202A\u202B\u202D\u2066\u2067\u2068',
    'ends a direction': '\u202C\u2069',
    'marks a direction': '\u200E\u200F\u061C',
    'is a control character': '\0\u0007\b\t\n\r\u001B\u007F\u0085',
    'ends a line or a paragraph': '\u2028\u2029',
    'has no width': '\u200B\u2060\uFEFF\u2063',
    'is half a character': '\uD83D',
  }
  for (const [what, characters] of Object.entries(hidden)) {
    it(`shows what ${what} as a sign that something is there`, () => {
      for (const character of characters) {
        assert.equal(shownFileName(`photo${character}gnp.exe`), 'photo\uFFFDgnp.exe', JSON.stringify(character))
      }
    })
  }

  it('is said to be none if there is nothing to read', () => {
    assert.deepEqual(['', ' ', '\u00A0'].map(shownFileName), Array(3).fill('Unnamed file'))
  })
})
