import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { skipWithout } from '../browser/needs.ts'
import { cookieFrom, get, post, signIn, userOf } from './asking.ts'
import { assertAway, assertNoWrites, assertPublic, assertSignedInSoon } from './away.ts'
import { type Crew, startCrew } from './crew.ts'
import { openFile } from './keepers.ts'
import { appendWhile, assertKept } from './load.ts'

const skip = skipWithout('/usr/bin/prlimit')

describe('the app on SQLite', () => {
  let file: Awaited<ReturnType<typeof openFile>>
  let crew: Crew

  before(async () => {
    file = await openFile()
    crew = await startCrew(file.address, file.address)
  })
  after(async () => {
    await crew?.stop()
    await file?.close()
  })

  it('reads on while another process holds the lock for 10 seconds, and answers every write 503 in time', async () => {
    const cookie = await signIn(crew.one, 'ann')
    const load = await appendWhile(crew.origins, cookie, async () => {
      await pause(400)
      const another = new DatabaseSync(file.path, { timeout: 5000 })
      const untilMs = performance.now() + 10_000
      another.exec('BEGIN IMMEDIATE')
      try {
        while (performance.now() < untilMs) {
          await Promise.all(crew.origins.map((origin) => assertNoWrites(origin, cookie)))
          assert.equal(await userOf(crew.other, cookie), 'ann')
          await assertPublic(crew.one, cookie)
        }
      } finally {
        another.close()
      }
      await pause(400)
    })
    assert.ok(load.refused.length > 0)
    for (const answer of load.refused) assertAway(answer, '/append')
    await assertKept(crew.origins, cookie, load)
    await crew.assertSame()
  })

  it('answers 503 in time while the disk is full, and has lost nothing and nobody when it is not', {
    skip,
  }, async () => {
    const cookie = await signIn(crew.one, 'ann')
    const load = await appendWhile(crew.origins, cookie, async () => {
      await pause(400)
      for (const { pid } of crew.apps) limitFiles(pid, '300000')
      for (const untilMs = performance.now() + 2000; performance.now() < untilMs; ) {
        for (const origin of crew.origins) {
          assertAway(await post(`${origin}/put`, { k: 'large', v: 'x'.repeat(400_000) }, cookie), '/put')
          const { status, cookies } = await get(`${origin}/me`, cookie)
          assert.ok(status === 200 || status === 503)
          assert.deepEqual(cookies, [])
          await assertPublic(origin, cookie)
        }
      }
      for (const { pid } of crew.apps) limitFiles(pid, 'unlimited')
      for (const origin of crew.origins) await assertSignedInSoon(origin, cookie, 'ann')
      await pause(300)
    })
    for (const answer of load.refused) assertAway(answer, '/append')
    await cookieFrom(`${crew.one}/put`, { k: 'large', v: 'x'.repeat(400_000) }, cookie)
    await assertKept(crew.origins, cookie, load)
    await crew.assertSame()
  })
})

// What is written beyond this place in a file is refused, as by a full disk.  prlimit(1)
function limitFiles(pid: number, bytes: string): void {
  const { status } = spawnSync('prlimit', ['--pid', `${pid}`, `--fsize=${bytes}:unlimited`])
  assert.equal(status, 0)
}
