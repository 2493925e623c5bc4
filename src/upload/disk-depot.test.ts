import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { DewarError } from '../errors/dewar-error.ts'
import type { Received } from './depot.ts'
import { DiskDepot } from './disk-depot.ts'

const limits = { keptBytesPerSession: 100, keptBytes: 250 }
const tomorrow = Math.floor(Date.now() / 1000) + 24 * 60 * 60

let folder: string
let depot: DiskDepot

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'depot-'))
  depot = new DiskDepot(folder, limits)
})
afterEach(() => rm(folder, { recursive: true }))

async function put(content: string): Promise<Received> {
  const receiving = await depot.receive()
  for (const piece of content.match(/.{1,3}/gs) ?? []) await receiving.write(Buffer.from(piece))
  return receiving.finish()
}

const parts = (): Promise<string[]> => readdir(join(folder, '.tmp'))
const kept = (): Promise<string[]> => readdir(join(folder, '.kept'))
const code = (expected: string) => (error: unknown) => error instanceof DewarError && error.code === expected

describe('a depot on disk', () => {
  it('touches nothing before the first file', async () => assert.deepEqual(await readdir(folder), []))

  it('takes in bytes piece by piece and gives them back, with their hash', async () => {
    const { stored, sha256 } = await put('a photo of a flask')
    assert.equal(await stored.blob.text(), 'a photo of a flask')
    assert.equal(stored.blob.size, 18)
    assert.equal(sha256, createHash('sha256').update('a photo of a flask').digest('hex'))
  })

  it('lets nobody else read what came in', async () => {
    await put('secret')
    const [name = ''] = await parts()
    assert.equal((await stat(join(folder, '.tmp', name))).mode & 0o777, 0o600)
    assert.equal((await stat(join(folder, '.tmp'))).mode & 0o777, 0o700)
  })

  it('forgets a file that never came whole', async () => {
    const receiving = await depot.receive()
    await receiving.write(Buffer.from('half of'))
    await receiving.discard()
    assert.deepEqual(await parts(), [])
  })

  it('forgets a file that came in, twice if need be', async () => {
    const { stored } = await put('whole')
    await stored.discard()
    await stored.discard()
    assert.deepEqual(await parts(), [])
  })

  it('refuses a folder that is a link to somewhere else', async () => {
    await mkdir(join(folder, 'elsewhere'))
    await symlink(join(folder, 'elsewhere'), join(folder, '.tmp'))
    await assert.rejects(depot.receive(), code('upload/not-stored'))
  })

  it('tries again after its folder could not be made', async () => {
    await writeFile(join(folder, '.tmp'), 'in the way')
    await assert.rejects(depot.receive(), code('upload/not-stored'))
    await rm(join(folder, '.tmp'))
    assert.equal(await (await put('now')).stored.blob.text(), 'now')
  })
})

describe('moving a file', () => {
  it('puts it at the path, where it stays when the depot forgets it', async () => {
    const { stored } = await put('to stay')
    await stored.moveTo(join(folder, 'photo'))
    assert.equal(await stored.blob.text(), 'to stay') // it can still be read by the request
    await stored.discard()
    assert.equal(await readFile(join(folder, 'photo'), 'utf8'), 'to stay')
    assert.deepEqual(await parts(), [])
  })

  it('overwrites nothing', async () => {
    await writeFile(join(folder, 'photo'), 'first')
    const { stored } = await put('second')
    await assert.rejects(stored.moveTo(join(folder, 'photo')), /There is a file at .*photo.* already/)
    assert.equal(await readFile(join(folder, 'photo'), 'utf8'), 'first')
  })

  it('says when the folder is not there', async () => {
    const { stored } = await put('lost?')
    await assert.rejects(stored.moveTo(join(folder, 'no', 'photo')), code('upload/target'))
    assert.equal(await stored.blob.text(), 'lost?')
  })
})

describe('keeping a file for the next try', () => {
  const keeping = { owner: 'a1', expiresSeconds: tomorrow }

  it('survives the request and another depot on the same folder', async () => {
    const { stored } = await put('kept')
    const id = (await stored.keep(keeping)) ?? ''
    await stored.discard()
    const again = await new DiskDepot(folder, limits).recall(id)
    assert.equal(await again?.blob.text(), 'kept')
    assert.equal(await again?.keep(keeping), id) // it is kept already
    await again?.discard()
    assert.equal(await depot.recall(id), null)
  })

  it('is not fooled by an id that is a path', async () => {
    await writeFile(join(folder, 'secret'), 'secret')
    assert.equal(await depot.recall('../secret'), null)
    assert.equal(await depot.recall(`${tomorrow}-a1-6-${'0'.repeat(32)}/../../secret`), null)
  })

  it('drops the oldest of an owner who keeps too much, and nothing of others', async () => {
    const other = await (await put('x'.repeat(60))).stored.keep({ owner: 'b2', expiresSeconds: tomorrow - 50 })
    const first = await (await put('x'.repeat(60))).stored.keep(keeping)
    const second = await (await put('y'.repeat(60))).stored.keep({ ...keeping, expiresSeconds: tomorrow + 1 })
    assert.deepEqual((await kept()).sort(), [other, second].sort())
    assert.equal(await depot.recall(first ?? ''), null)
  })

  it('has no room for what is larger than one owner may keep, nor when all owners keep too much', async () => {
    assert.equal(await (await put('x'.repeat(101))).stored.keep(keeping), null)
    for (const owner of ['a', 'b']) await (await put('x'.repeat(100))).stored.keep({ ...keeping, owner })
    assert.equal(await (await put('x'.repeat(100))).stored.keep({ ...keeping, owner: 'c' }), null)
    assert.equal((await kept()).length, 2)
  })

  it('ends when its time is over', async () => {
    const id = await (await put('old')).stored.keep({ owner: 'a1', expiresSeconds: 1_000_000 })
    assert.deepEqual(await kept(), [id])
    await depot.sweep()
    assert.deepEqual(await kept(), [])
  })
})

describe('sweeping', () => {
  it('removes what a process that was killed left, and nothing that is in use', async () => {
    const own = await put('in use')
    const code = `
      import { DiskDepot } from ${JSON.stringify(new URL('disk-depot.ts', import.meta.url).href)}
      const receiving = await new DiskDepot(${JSON.stringify(folder)}, ${JSON.stringify(limits)}).receive()
      await receiving.write(Buffer.from('half'))
      console.log('half')
      setInterval(() => {}, 1000)`
    const other = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], { stdio: 'pipe' })
    await new Promise((resolve) => other.stdout.once('data', resolve))
    await depot.sweep()
    assert.equal((await parts()).length, 2) // the other process lives
    const ended = new Promise((resolve) => other.once('exit', resolve))
    other.kill('SIGKILL')
    await ended
    await depot.sweep()
    assert.equal((await parts()).length, 1)
    assert.equal(await own.stored.blob.text(), 'in use')
  })

  it('removes parts of another machine once they are an hour old, and never what is not its own', async () => {
    await depot.sweep()
    const anHourAgo = Date.now() / 1000 - 3_700
    for (const name of ['00000000-1-aa.part', 'notes.txt']) {
      await writeFile(join(folder, '.tmp', name), '')
      await utimes(join(folder, '.tmp', name), anHourAgo, anHourAgo)
    }
    await writeFile(join(folder, '.tmp', '00000000-1-bb.part'), '')
    await depot.sweep()
    assert.deepEqual((await parts()).sort(), ['00000000-1-bb.part', 'notes.txt'])
  })
})
