import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { it } from 'node:test'
import { memoryDepot } from './memory-depot.ts'

it('a depot in memory gives back what it was lent, with its hash, and keeps nothing for later', async () => {
  const receiving = await memoryDepot.receive()
  const lent = Buffer.from('one')
  await receiving.write(lent)
  lent.write('two') // the client's next bytes in the same buffer
  await receiving.write(lent)
  const { stored, sha256 } = await receiving.finish()
  assert.equal(await stored.blob.text(), 'onetwo')
  assert.equal(sha256, createHash('sha256').update('onetwo').digest('hex'))
  assert.equal(await stored.keep({ owner: 'a', expiresSeconds: 1 }), null)
  await assert.rejects(stored.moveTo('x'), /no file system/)
})
