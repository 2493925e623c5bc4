import { systemClock } from '../clock/clock.ts'
import { systemRandom } from '../crypto/random.ts'
import { newFamily } from '../session/live-session.ts'
import { isTelling, type SessionRow, type Store, type Told } from '../store/store.ts'
import { lineOf } from './failure.ts'
import type { Finding } from './finding.ts'
import { judgeClock, judgeDurability } from './judge-told.ts'

/** Makes a store ready as the start of its app would, writes to it, and asks what it is set to. Closes it. */
export async function checkStore(store: Store | null): Promise<readonly Finding[]> {
  if (store === null) return [found('warn', sealed)]
  if (store.name === 'memory') return [found('warn', inMemory)]
  try {
    await store.prepare()
    await writeTo(store)
    const written = found('ok', `${store.name} is ready; a session was written to it, read and removed.`)
    return [written, ...(isTelling(store) ? await toldOf(store.name, () => store.tell()) : [])]
  } catch (error) {
    return [found('fail', lineOf(error))]
  } finally {
    await store.close().catch(() => {}) // what was asked was answered
  }
}

const sealed =
  'Sessions are sealed into cookies: they cannot be listed or ended from the server, and what was submitted is remembered by one process, until it ends. To keep both, give the app a store.'
const inMemory =
  'Sessions are kept in the memory of the process and lost with it, and no other one sees them. Use sqlite, postgres or redis.'

function found(verdict: Finding['verdict'], says: string): Finding {
  return { verdict, about: 'store', says }
}

async function writeTo(store: Store): Promise<void> {
  const family = newFamily(systemRandom)
  const nowSeconds = Math.floor(systemClock.now() / 1000)
  const written = await store.commit({
    family,
    nowSeconds,
    session: { kind: 'create', row: trial(family, nowSeconds) },
  })
  const { session } = await store.begin({ family, nowSeconds })
  await store.commit({ family, nowSeconds, session: { kind: 'end' } })
  if (written.kind !== 'committed' || session?.family !== family) {
    throw new Error('A session that was written was not there afterwards.')
  }
}

/** A session that no cookie opens, for there is no secret with this hash, and that is over soon if it is left behind. */
function trial(family: string, nowSeconds: number): SessionRow {
  return {
    family,
    version: 1,
    secretHash: '',
    previousHash: null,
    previousUntilSeconds: 0,
    epoch: 0,
    user: null,
    content: '',
    createdSeconds: nowSeconds,
    seenSeconds: nowSeconds,
    expiresSeconds: nowSeconds + 60,
    userAgent: 'dewar doctor',
    address: '',
  }
}

async function toldOf(name: string, tell: () => Promise<Told>): Promise<readonly Finding[]> {
  const before = systemClock.now()
  const { settings, serverMs } = await tell()
  const durability = judgeDurability(name, settings)
  if (serverMs === null) return durability
  return [...durability, judgeClock(serverMs, { before, after: systemClock.now() })]
}
