import type { Told } from '../store/store.ts'
import type { Finding } from './finding.ts'

/** Most that the clock of a store's server may be away from this one, in seconds. */
const mostApartSeconds = 5

/** What is left of a commit after a crash, by what a store says it is set to. */
export function judgeDurability(name: string, settings: Told['settings']): readonly Finding[] {
  switch (name) {
    case 'sqlite':
      return [judgeSqlite(settings)]
    case 'postgres':
      return [judgePostgres(settings)]
    case 'redis':
      return [judgeEviction(settings), judgeRedis(settings)]
    default:
      return []
  }
}

/** Whether the clock of a store's server is that of this machine, as far as the time that the answer took can tell. */
export function judgeClock(
  serverMs: number,
  { before, after }: { readonly before: number; readonly after: number },
): Finding {
  const apartSeconds = Math.max(before - serverMs, serverMs - after, 0) / 1000
  const apart = apartSeconds < 1 ? 'less than a second' : `${Math.round(apartSeconds)} seconds`
  const says = `The clock of the store's server and this one are ${apart} apart`
  if (apartSeconds <= mostApartSeconds) return { verdict: 'ok', about: 'clock', says: `${says}.` }
  return { verdict: 'fail', about: 'clock', says: `${says}. Let both follow a time server (NTP).` }
}

function judgeSqlite({ journal_mode: journal = '?', synchronous = '?' }: Told['settings']): Finding {
  const set = `journal_mode is ${journal}, synchronous ${synchronous}`
  if (journal === 'memory')
    return finding('fail', `${set}: the database is in memory, and lost with the process. Name a file.`)
  if (journal === 'wal' && (synchronous === 'FULL' || synchronous === 'EXTRA')) {
    return finding('ok', `${set}: what is committed is on disk.`)
  }
  return finding('fail', `${set}: what is committed may be lost when the power fails. Leave both to the store.`)
}

function judgePostgres({ fsync = '?', synchronous_commit: commit = '?' }: Told['settings']): Finding {
  const set = `fsync is ${fsync}, synchronous_commit ${commit}`
  if (fsync !== 'on') {
    return finding(
      'fail',
      `${set}: a crash of the machine may lose the whole database. Set fsync = on in postgresql.conf.`,
    )
  }
  if (commit === 'off') {
    const says = `${set}: the store turns it on for what it writes, the app's own commits may be lost in a crash.`
    return finding('warn', `${says} Set synchronous_commit = on.`)
  }
  return finding('ok', `${set}: what is committed is on disk.`)
}

function judgeEviction({ 'maxmemory-policy': policy }: Told['settings']): Finding {
  if (policy === 'noeviction')
    return {
      verdict: 'ok',
      about: 'memory',
      says: 'maxmemory-policy is noeviction: nothing is forgotten when it is full.',
    }
  const says = `maxmemory-policy is ${policy ?? 'not told'}: sessions may be forgotten. Set maxmemory-policy noeviction.`
  return { verdict: 'fail', about: 'memory', says }
}

function judgeRedis({ appendonly, appendfsync }: Told['settings']): Finding {
  if (appendonly === undefined) return finding('warn', 'The server does not tell whether it is set to appendonly yes.')
  if (appendonly !== 'yes') {
    return finding(
      'warn',
      `appendonly is ${appendonly}: a crash loses what came after the last snapshot. Set appendonly yes.`,
    )
  }
  switch (appendfsync) {
    case 'always':
      return finding('ok', 'appendonly is yes, appendfsync always: what is committed is on disk.')
    case 'everysec':
      return finding('ok', 'appendonly is yes, appendfsync everysec: up to a second is lost when the power fails.')
    case undefined:
      return finding('ok', 'appendonly is yes; the server does not tell its appendfsync.')
    default:
      return finding(
        'warn',
        `appendonly is yes, appendfsync ${appendfsync}: half a minute may be lost. Set appendfsync everysec.`,
      )
  }
}

function finding(verdict: Finding['verdict'], says: string): Finding {
  return { verdict, about: 'durability', says }
}
