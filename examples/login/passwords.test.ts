import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashPassword, isPassword } from './passwords.ts'

const cheap = { doublings: 4, blockSize: 8, rounds: 1 }

describe('a password', () => {
  it('is known by what is kept of it, and no other is', async () => {
    const kept = await hashPassword('Schöner Tag', cheap)
    assert.equal(await isPassword('Schöner Tag', kept), true)
    assert.equal(await isPassword('Scho\u0308ner Tag', kept), true) // the same, as another keyboard writes it
    for (const other of ['schöner Tag', 'Schöner Tag ', '']) assert.equal(await isPassword(other, kept), false, other)
  })

  it('is kept another way each time', async () => {
    assert.notEqual(await hashPassword('the same', cheap), await hashPassword('the same', cheap))
  })

  it('costs 32 MiB and three rounds to guess, and is known at the cost of its time', async () => {
    assert.match(await hashPassword('secret'), /^scrypt:15:8:3:[\w-]{22}:[\w-]{43}$/)
    assert.equal(await isPassword('secret', await hashPassword('secret', { ...cheap, rounds: 2 })), true)
  })

  it('is none where nothing is kept, and what is kept cut short knows none', async () => {
    assert.equal(await isPassword('', null), false)
    const kept = await hashPassword('secret', cheap)
    assert.equal(await isPassword('secret', kept.slice(0, -8)), false)
  })
})
