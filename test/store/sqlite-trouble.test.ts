import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { DewarError } from '../../src/errors/dewar-error.ts'
import { sqlite } from '../../src/sqlite.ts'
import { openFile } from './sqlite-stage.ts'
import { completing, creation, kept, known, make, newId, next, now, on, session, updating } from './stage.ts'
import { startWorker, type Worker } from './workers.ts'

const mebibyte = 'x'.repeat(1_048_576)

describe('an SQLite store that cannot be asked', () => {
  it('never throws: who asks it is told by a promise', () =>
    on(openFile, async ({ path }) => {
      const store = sqlite(path)
      await store.prepare()
      await store.close()
      const begun = store.begin({ family: newId(), nowSeconds: now })
      await assertUnavailable(Promise.resolve(begun))
    }))
})

describe('an SQLite store is refused at start', () => {
  it('if the file is something else', () =>
    on(openFile, async ({ path }) => {
      for (const content of ['no database at all\n'.repeat(500), 'SQLite format 3\0'.padEnd(8192, '?')]) {
        await writeFile(`${path}.txt`, content)
        await assertRefused(sqlite(`${path}.txt`).prepare())
      }
    }))

  it('if a newer Dewar has made its tables, which stay as they are', () =>
    on(openFile, async ({ path, connect }) => {
      const own = connect()
      own.exec('UPDATE dewar_schema SET version = 2')
      await assertRefused(sqlite(path).prepare(), /version 2.*knows 1.*newer Dewar/)
      await assertRefused(sqlite(own).prepare(), /version 2/)
      assert.equal(own.prepare('SELECT version FROM dewar_schema').get()?.version, 2)
      own.exec('UPDATE dewar_schema SET version = 1')
      await sqlite(own).prepare()
    }))

  it('if there is no folder for it', () =>
    on(openFile, async ({ path }) => {
      const missing = join(dirname(path), 'missing')
      const store = sqlite(join(missing, 'app.db'))
      await assertRefused(store.prepare(), /unable to open database file/)
      await assertUnavailable(store.count(now)) // who asks without it is told no more than that
      await mkdir(missing)
      await store.prepare()
      assert.equal(await store.count(now), 0)
      await store.close()
    }))

  it('if it may only be read', () =>
    on(openFile, async ({ path }) => {
      const readOnly = new DatabaseSync(path, { readOnly: true })
      await assertRefused(sqlite(readOnly).prepare(), /readonly/)
      readOnly.close()
    }))
})

describe('an SQLite store works again without a restart', () => {
  it('after the disk was full, having kept nothing of what it refused', () =>
    on(openFile, async ({ store }) => {
      const row = await make(store)
      const key = newId()
      await limitPages(store, 1) // no fewer than there are
      const large = updating(next(row, { content: mebibyte }))
      const once = completing(key).once
      assert.ok(once)
      for (let tries = 0; tries < 3; tries++) await assertUnavailable(store.commit({ ...large, once }), 13)
      assert.deepEqual(await kept(store, row.family), row)
      assert.equal(await known(store, key), null)
      await limitPages(store, 1_000_000)
      assert.deepEqual(await store.commit({ ...large, once }), { kind: 'committed' })
    }))

  it('after the app’s own work has met a full disk, and took no notice of it', () =>
    on(openFile, async ({ store, notes }) => {
      await limitPages(store, 1)
      const careless = store.transact({ family: newId(), nowSeconds: now }, (tx) => {
        try {
          tx.prepare('INSERT INTO notes VALUES (?)').run(mebibyte)
        } catch {}
        return {}
      })
      await assertUnavailable(careless)
      await limitPages(store, 1_000_000)
      assert.deepEqual(await notes(), [])
      await make(store)
    }))

  it('after the disk refused to take more', { skip: hasPrlimit() ? false : 'prlimit is not installed' }, () =>
    on(openFile, async ({ path, store }) => {
      const row = await make(store)
      const worker = startWorker(path, { before: ['prlimit', '--fsize=300000:unlimited', '--'] })
      try {
        const writes = []
        for (let turn = 0; turn < 4; turn++)
          writes.push(
            await worker.store.commit(creation(session({ content: mebibyte.slice(0, 200_000) }))).catch((e) => e),
          )
        assert.ok(writes.some((outcome) => outcome instanceof DewarError))
        for (const outcome of writes) if (outcome.kind !== 'committed') assertCode(outcome, 'store/unavailable')
        assert.deepEqual(await kept(worker.store, row.family), row)
        spawnSync('prlimit', ['--pid', String(worker.pid), '--fsize=unlimited:unlimited'])
        assert.deepEqual(await worker.store.commit(updating(next(row, { content: mebibyte }))), { kind: 'committed' })
        const committed = writes.filter(({ kind }) => kind === 'committed').length
        assert.equal(await store.count(now), committed + 1)
      } finally {
        await worker.end()
      }
    }),
  )

  it('after the file could only be read', () =>
    on(openFile, async ({ path, store }) => {
      const row = await make(store)
      await store.close()
      const worker = await startNobody(path)
      try {
        await assertUnavailable(worker.store.commit(updating(next(row))), 8)
        await assertRefused(worker.store.prepare())
        for (const file of await readdir(dirname(path))) await chmod(join(dirname(path), file), 0o666)
        assert.deepEqual(await worker.store.commit(updating(next(row))), { kind: 'committed' })
      } finally {
        await worker.end()
      }
      await store.prepare()
      assert.equal((await kept(store, row.family))?.version, 2)
    }))

  it('after a connection of the app could only be read', () =>
    on(openFile, async ({ connect }) => {
      const own = connect()
      const store = sqlite(own)
      const row = await make(store)
      own.exec('PRAGMA query_only = ON')
      await assertUnavailable(store.commit(updating(next(row))), 8)
      assert.deepEqual(await kept(store, row.family), row)
      own.exec('PRAGMA query_only = OFF')
      assert.deepEqual(await store.commit(updating(next(row))), { kind: 'committed' })
    }))

  it('after its tables had vanished', () =>
    on(openFile, async ({ store, connect }) => {
      await make(store)
      const own = connect()
      own.exec('DROP TABLE dewar_sessions; DROP TABLE dewar_once; DROP TABLE dewar_schema')
      await assertUnavailable(store.count(now), 1)
      assert.equal(await store.count(now), 0)
      await make(store)
    }))

  it('after its connection was closed under it', () =>
    on(openFile, async ({ store, connect }) => {
      const row = await make(store)
      const closing = store.transact({ family: newId(), nowSeconds: now }, (tx) => {
        tx.close()
        return {}
      })
      await assertUnavailable(closing)
      assert.deepEqual(await kept(store, row.family), row)

      const own = connect()
      const given = sqlite(own)
      await given.prepare()
      own.close()
      await assertUnavailable(given.count(now))
      own.open()
      assert.equal(await given.count(now), 1)
    }))

  it('after the file was damaged and put right', () =>
    on(openFile, async ({ path, connect }) => {
      const own = connect()
      const store = sqlite(path)
      for (let turn = 0; turn < 40; turn++) await make(store, { content: 'x'.repeat(2000) })
      own.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      const right = await readFile(path)
      const damaged = Buffer.from(right)
      damaged.fill(0xff, 4096)
      await writeFile(path, damaged)
      const another = sqlite(path)
      await assert.rejects(another.prepare(), /\[store\/(refused|unavailable)\]/)
      await assertUnavailable(another.count(now))
      await writeFile(path, right)
      assert.equal(await another.count(now), 40)
      await another.close()
      await store.close()
    }))
})

/** Sets how many pages the store's own connection may make the file have. */
async function limitPages(store: Awaited<ReturnType<typeof openFile>>['store'], most: number): Promise<void> {
  await store.transact({ family: newId(), nowSeconds: now }, (tx) => {
    tx.exec(`PRAGMA max_page_count = ${most}`)
    return {}
  })
}

/** A process that may read the file and not write it: of nobody, where this one is of root, who may do everything. */
async function startNobody(path: string): Promise<Worker> {
  if (process.getuid?.() !== 0) {
    await chmod(path, 0o444)
    return startWorker(path)
  }
  const nobody = 65_534
  await chown(dirname(path), nobody, nobody)
  await chmod(path, 0o444)
  return startWorker(path, { uid: nobody })
}

function hasPrlimit(): boolean {
  return spawnSync('prlimit', ['--version']).status === 0
}

async function assertRefused(doing: Promise<unknown>, message = /./): Promise<void> {
  await assert.rejects(doing, (error) => {
    assertCode(error, 'store/refused')
    assert.match(error instanceof Error ? error.message : '', message)
    return true
  })
}

async function assertUnavailable(doing: Promise<unknown>, errcode?: number): Promise<void> {
  await assert.rejects(doing, (error) => {
    assertCode(error, 'store/unavailable')
    const cause = error instanceof Error ? error.cause : null
    if (errcode !== undefined)
      assert.equal(cause instanceof Error && 'errcode' in cause && Number(cause.errcode) & 0xff, errcode)
    return true
  })
}

function assertCode(error: unknown, code: string): void {
  assert.ok(error instanceof DewarError, String(error))
  assert.equal(error.code, code)
}
