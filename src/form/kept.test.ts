import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import type { Entry } from '../http/urlencoded.ts'
import type { CutFile } from './cut-file.ts'
import { form } from './form.ts'
import { type FileSources, keptTokens, withKept } from './kept.ts'

describe('the tokens of kept files', () => {
  const tokensOf = (...entries: Entry[]) => Object.fromEntries(keptTokens(entries))

  it('are those of the hidden inputs, by the name of their field', () => {
    const posted: Entry[] = [
      ['name', 'Ada'],
      ['_kept.photo', 'one'],
      ['_kept.items.1.photo', 'two'],
      ['_kept.photos', 'three'],
      ['_kept.photos', 'four'],
      ['_token', 'five'],
    ]
    assert.deepEqual(tokensOf(...posted), { photo: ['one'], 'items.1.photo': ['two'], photos: ['three', 'four'] })
  })

  it('are not those whose box is ticked, wherever it stands', () => {
    const posted: Entry[] = [
      ['_remove.photos', 'one'],
      ['_kept.photos', 'one'],
      ['_kept.photos', 'two'],
      ['_kept.photo', 'three'],
      ['_remove.photo', 'three'],
    ]
    assert.deepEqual(tokensOf(...posted), { photos: ['two'] })
  })

  it('are kept when the box of another field is ticked', () => {
    assert.deepEqual(tokensOf(['_kept.photo', 'one'], ['_remove.file', 'one']), { photo: ['one'] })
  })

  it('are there once, and never empty', () => {
    assert.deepEqual(tokensOf(['_kept.photos', 'one'], ['_kept.photos', 'one'], ['_kept.photos', '']), {
      photos: ['one'],
    })
    assert.deepEqual(tokensOf(['_kept.photo', ''], ['kept.photo', 'x'], ['_keptphoto', 'x']), {})
  })

  it('may stand under any name', () => {
    assert.deepEqual([...keptTokens([['_kept.__proto__', 'one']])], [['__proto__', ['one']]])
  })
})

describe('kept files beside those sent', () => {
  const album = form(z.object({ cover: z.file(), photos: z.array(z.file()), note: z.string() }))
  const [old, older, young] = [new File(['1'], 'old'), new File(['2'], 'older'), new File(['3'], 'young')]
  const cut: CutFile = { kind: 'cut', name: 'huge', maxBytes: 9 }
  const nothing = new File([], '')

  /** The names of the files that result, each after the name of its field. */
  function together(sources: FileSources): string[] {
    return withKept(album, sources).map(([name, file]) => `${name}=${file.name}`)
  }

  it('are replaced in a field of one file', () => {
    assert.deepEqual(together({ sent: [['cover', young]], kept: [['cover', old]] }), ['cover=young'])
  })

  it('come first in a field of several files', () => {
    const kept = [['photos', old] as const, ['photos', older] as const]
    assert.deepEqual(together({ sent: [['photos', young]], kept }), ['photos=old', 'photos=older', 'photos=young'])
  })

  it('stay when nothing was chosen, or something for another field', () => {
    const sent = [['cover', nothing] as const, ['photos', young] as const]
    assert.deepEqual(together({ sent, kept: [['cover', old]] }), ['cover=old', 'cover=', 'photos=young'])
  })

  it('stay when the file that was chosen is too large', () => {
    assert.deepEqual(together({ sent: [['cover', cut]], kept: [['cover', old]] }), ['cover=old', 'cover=huge'])
  })
})
