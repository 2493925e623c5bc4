import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { sqlite } from '../../src/sqlite.ts'
import type { SessionRow, TransactionalStore } from '../../src/store/store.ts'

const nowSeconds = Math.floor(Date.now() / 1000)

/** A shop on an SQLite file, where something is ordered in several ways. What is committed is on disk. */
export interface Counter {
  /** One row in a transaction of its own, by prepared statements: what an order costs without anything around it. */
  insert(): void
  /** That row, the record of a submission and the session of a visitor: three statements in one transaction, and nothing around them. */
  threeByHand(): void
  /** The same row in one transaction with the record of the submission and the session, by one call of the store. */
  orderOnce(): Promise<void>
  /** The same, with what a request asks before: its session, and whether the submission was done already. */
  askAndOrderOnce(): Promise<void>
  /** The row, and then the session in a transaction of its own. */
  insertThenSave(): Promise<void>
  /** How many orders there are. */
  orders(): number
  close(): Promise<void>
}

/** Opens one on a new file. */
export async function openCounter(file: string): Promise<Counter> {
  const store = sqlite(file)
  await store.prepare()
  const database = await connectionOf(store) // in WAL with synchronous = FULL, for the plain INSERT as well
  database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, sku TEXT NOT NULL, quantity INTEGER NOT NULL)')
  const statements = ['BEGIN IMMEDIATE', 'INSERT INTO orders (sku, quantity) VALUES (?, ?)', 'COMMIT'] as const
  const [begin, order, commit] = statements.map((sql) => database.prepare(sql))
  if (begin === undefined || order === undefined || commit === undefined) throw new TypeError('A statement is missing.')

  const insert = (): void => {
    begin.run()
    order.run('dewar-1l', 1)
    commit.run()
  }
  const create = async (): Promise<SessionRow> => {
    const row = newSession()
    committed(await store.commit({ family: row.family, nowSeconds, session: { kind: 'create', row } }))
    return row
  }
  const [ordering, saving] = [await Promise.all(visitors(create)), await Promise.all(visitors(create))]
  const byHand = await Promise.all(visitors(create))
  const record = database.prepare("INSERT INTO dewar_once VALUES (?, ?, 'done', '', 0, ?, ?)")
  const save = database.prepare(
    'UPDATE dewar_sessions SET version = ?, content = ?, seen_seconds = ?, expires_seconds = ? WHERE family = ?',
  )
  const threeByHand = (): void => {
    const at = turn++ % byHand.length
    const row = nextOf(byHand[at] ?? newSession())
    byHand[at] = row
    begin.run()
    const { lastInsertRowid } = order.run('dewar-1l', 1)
    record.run(newId(), newId(), answerOf(lastInsertRowid), nowSeconds + 87_000)
    save.run(row.version, row.content, row.seenSeconds, row.expiresSeconds, row.family)
    commit.run()
  }
  let turn = 0
  const orderOnce = async ({ asks = false } = {}): Promise<void> => {
    const { family } = ordering[turn++ % ordering.length] ?? newSession()
    const once = { key: newId(), fingerprint: newId(), answer: '', expiresSeconds: nowSeconds + 87_000 }
    if (asks) await store.begin({ family, nowSeconds, once: { key: once.key } })
    const outcome = await store.transact({ family, nowSeconds, once }, (_tx, session) => {
      const { lastInsertRowid } = order.run('dewar-1l', 1)
      if (session === null) return null
      return { session: { kind: 'update', row: nextOf(session) }, answer: answerOf(lastInsertRowid) }
    })
    committed(outcome)
  }
  return {
    insert,
    threeByHand,
    orderOnce,
    askAndOrderOnce: () => orderOnce({ asks: true }),
    async insertThenSave() {
      insert()
      const at = turn++ % saving.length
      const row = nextOf(saving[at] ?? newSession())
      saving[at] = row
      committed(await store.commit({ family: row.family, nowSeconds, session: { kind: 'update', row } }))
    },
    orders: () => Number(database.prepare('SELECT count(*) AS orders FROM orders').get()?.orders),
    async close() {
      await store.close()
    },
  }
}

function visitors(create: () => Promise<SessionRow>): Promise<SessionRow>[] {
  return Array.from({ length: 64 }, create)
}

async function connectionOf(store: TransactionalStore<DatabaseSync>): Promise<DatabaseSync> {
  const found: DatabaseSync[] = []
  await store.transact({ family: newId(), nowSeconds }, (tx) => {
    found.push(tx)
    return null
  })
  const [database] = found
  if (database === undefined) throw new TypeError('There is no connection.')
  return database
}

function committed({ kind }: { readonly kind: string }): void {
  if (kind !== 'committed') throw new Error(`An order is ${kind}.`)
}

// Each order comes a second later than the one before: that moves the end of the session, and its place in an index.
function nextOf(row: SessionRow): SessionRow {
  const { version, seenSeconds, expiresSeconds } = row
  return { ...row, version: version + 1, seenSeconds: seenSeconds + 1, expiresSeconds: expiresSeconds + 1 }
}

function newSession(): SessionRow {
  return {
    family: newId(),
    version: 1,
    secretHash: newId(),
    previousHash: null,
    previousUntilSeconds: 0,
    epoch: 0,
    user: null,
    content: JSON.stringify({ data: { recent: [1, 2, 3], name: 'Ada Lovelace' }, flashes: [['info', 'Ordered']] }),
    createdSeconds: nowSeconds,
    seenSeconds: nowSeconds,
    expiresSeconds: nowSeconds + 86_400,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    address: '',
  }
}

function newId(): string {
  return randomBytes(16).toString('base64url')
}

function answerOf(id: number | bigint): string {
  return JSON.stringify({ status: 303, location: `/orders/${id}`, end: 'keep', code: 'abcdefghijklmnopqrstuv' })
}
