import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { DewarError } from '../../src/errors/dewar-error.ts'
import { sqlite } from '../../src/sqlite.ts'
import { isUpToDate, migrate } from '../../src/store/sqlite-schema.ts'
import type { Outcome, Work } from '../../src/store/store.ts'
import { openFile, type SqliteStage } from './sqlite-stage.ts'
import { completion, creation, kept, known, make, newId, now, on, session } from './stage.ts'

describe('a transaction on SQLite', () => {
  it('refuses work that is asynchronous, says how to write it, and keeps nothing of it', () =>
    on(openFile, async (stage) => {
      const key = newId()
      const outcome = transact(stage, key, async (note) => {
        note()
        await Promise.resolve()
        throw new Error('later')
      })
      await assert.rejects(outcome, (error) => {
        assert.ok(error instanceof DewarError)
        assert.equal(error.code, 'app/option-invalid')
        assert.match(error.message, /without async and await/)
        return true
      })
      await new Promise((resolve) => setImmediate(resolve)) // an unhandled rejection would end the process
      assert.deepEqual(await stage.notes(), [])
      assert.equal(await known(stage.store, key), null)
      assert.deepEqual(await transact(stage, key, () => ({})), { kind: 'committed' })
    }))

  it('refuses work that gives nothing back', () =>
    on(openFile, async (stage) => {
      const outcome = transact(stage, newId(), (note) => note() as unknown as Work)
      await assert.rejects(outcome, /gave nothing back.*\[app\/option-invalid\]/)
      assert.deepEqual(await stage.notes(), [])
    }))

  it('that its own work ends is not said to be committed', () =>
    on(openFile, async ({ store, notes }) => {
      for (const end of ['COMMIT', 'ROLLBACK']) {
        const ending = store.transact({ family: newId(), nowSeconds: now }, (tx) => {
          tx.exec(end)
          return {}
        })
        await assert.rejects(ending, (error) => {
          assert.ok(error instanceof DewarError)
          assert.equal(error.code, 'store/unavailable')
          assert.match(String(error.cause), /ended before its work was done/)
          return true
        })
      }
      const next = await store.transact({ family: newId(), nowSeconds: now }, (tx) => {
        tx.prepare('INSERT INTO notes VALUES (?)').run('next')
        return {}
      })
      assert.deepEqual(next, { kind: 'committed' })
      assert.deepEqual(await notes(), ['next'])
    }))

  it('that its own work has undone keeps nothing that the work gave back', () =>
    on(openFile, async ({ store }) => {
      const [row, key] = [session(), newId()]
      const asked = { family: row.family, nowSeconds: now, once: completion(key) }
      const ending = store.transact(asked, (tx) => {
        tx.exec('ROLLBACK')
        return { session: { kind: 'create', row }, answer: 'done' }
      })
      await assert.rejects(ending, { code: 'store/unavailable' })
      assert.equal(await kept(store, row.family), null)
      assert.equal(await known(store, key), null)
    }))

  it('throws the app’s own error of a constraint, and works again', () =>
    on(openFile, async ({ store, connect }) => {
      connect().exec('CREATE TABLE seats (seat TEXT PRIMARY KEY) STRICT')
      const book = () =>
        store.transact({ family: newId(), nowSeconds: now }, (tx) => {
          tx.prepare('INSERT INTO seats VALUES (?)').run('1A')
          return {}
        })
      assert.deepEqual(await book(), { kind: 'committed' })
      await assert.rejects(book(), { code: 'ERR_SQLITE_ERROR', errcode: 1555 })
      await make(store)
      assert.equal(await store.count(now), 1)
    }))

  it('does not see what the store is asked meanwhile from inside of it', () =>
    on(openFile, async ({ store }) => {
      const row = session()
      let inner: Promise<Outcome> | undefined
      const outcome = await store.transact({ family: newId(), nowSeconds: now }, () => {
        inner = store.commit(creation(row))
        return null
      })
      assert.deepEqual(outcome, { kind: 'abandoned' })
      assert.deepEqual(await inner, { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family), row)
    }))
})

describe('the file of an SQLite store', () => {
  it('is in WAL, and written to the disk before anything is said to be committed', () =>
    on(openFile, async ({ store }) => {
      await store.transact({ family: newId(), nowSeconds: now }, (tx) => {
        assert.equal(tx.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal')
        assert.equal(tx.prepare('PRAGMA synchronous').get()?.synchronous, 2)
        assert.equal(tx.prepare('PRAGMA busy_timeout').get()?.timeout, 0)
        assert.equal(tx.prepare('PRAGMA fullfsync').get()?.fullfsync, 1)
        return {}
      })
    }))

  it('leaves the app its tables and its version', () =>
    on(openFile, async ({ path, connect }) => {
      const own = connect()
      own.exec('PRAGMA user_version = 7; CREATE TABLE users (id INTEGER PRIMARY KEY); INSERT INTO users VALUES (1)')
      const again = sqlite(path)
      await again.prepare()
      await again.close()
      assert.equal(own.prepare('PRAGMA user_version').get()?.user_version, 7)
      const names = own.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
      assert.deepEqual(
        names.map(({ name }) => name),
        ['dewar_once', 'dewar_schema', 'dewar_sessions', 'notes', 'users'],
      )
    }))

  it('is left as it is by a migration that another process has made meanwhile', () =>
    on(openFile, async ({ store, connect }) => {
      const row = await make(store)
      const before = await store.begin({ family: row.family, nowSeconds: now })
      const own = connect()
      migrate(own)
      assert.equal(isUpToDate(own), true)
      assert.deepEqual(await store.begin({ family: row.family, nowSeconds: now }), before)
      assert.deepEqual(await kept(store, row.family), row)
    }))

  it('is one file again when the last connection is closed', () =>
    on(openFile, async ({ path }) => {
      const fresh = `${path}.new`
      const store = sqlite(fresh)
      const row = await make(store)
      assert.ok(existsSync(`${fresh}-wal`))
      await store.close()
      assert.ok(existsSync(fresh) && !existsSync(`${fresh}-wal`) && !existsSync(`${fresh}-shm`))
      const again = sqlite(fresh)
      assert.deepEqual(await kept(again, row.family), row)
      await again.close()
    }))

  it('may be memory, for a test', async () => {
    const store = sqlite(':memory:')
    await store.prepare()
    const row = await make(store)
    assert.deepEqual(await kept(store, row.family), row)
    await store.close()
  })

  it('finds what it looks for by an index', () =>
    on(openFile, async ({ connect }) => {
      const own = connect()
      const wheres = ['sessions WHERE family = ?', 'sessions WHERE user = ?', 'sessions WHERE expires_seconds <= ?']
      for (const where of [...wheres, 'once WHERE key = ?', 'once WHERE expires_seconds <= ?']) {
        const [plan] = own.prepare(`EXPLAIN QUERY PLAN SELECT * FROM dewar_${where}`).all('x')
        assert.match(String(plan?.detail), /^SEARCH .* USING INDEX/)
      }
    }))
})

function transact(
  { store, note }: SqliteStage,
  key: string,
  work: (note: () => void) => Work | Promise<Work>,
): ReturnType<typeof store.transact> {
  return store.transact({ family: newId(), nowSeconds: now, once: completion(key) }, (tx) =>
    work(() => void note(tx, 'note')),
  )
}
