import { DewarError } from '../errors/dewar-error.ts'
import { unavailable } from './unavailable.ts'

// Primary result codes, the lower 8 bits of what SQLite reports.  sqlite.org/rescode.html
const error = 1
const perm = 3
const taken = 5
const locked = 6
const noMemory = 7
const readOnly = 8
const interrupted = 9
const corrupt = 11
const full = 13
const cannotOpen = 14
const protocol = 15
const tooBig = 18
const constraint = 19
const mismatch = 20
const auth = 23
const range = 25
const notADatabase = 26

const busyCodes: ReadonlySet<number> = new Set([taken, locked, protocol])
const passingCodes: ReadonlySet<number> = new Set([noMemory, interrupted, full, tooBig, constraint, mismatch, range])
const refusedCodes: ReadonlySet<number> = new Set([error, perm, readOnly, corrupt, cannotOpen, auth, notADatabase])

/** Whether somebody else has the lock, so that a later attempt may succeed. */
export function isBusy(thrown: unknown): boolean {
  return busyCodes.has(codeOf(thrown))
}

/** Whether it is what was written that does not fit, and nothing else. */
export function isConstraint(thrown: unknown): boolean {
  return codeOf(thrown) === constraint
}

/** Whether a connection may be no use any more after this, and another one may be. */
export function isBroken(thrown: unknown): boolean {
  return !passingCodes.has(codeOf(thrown))
}

/** `store/unavailable`: the lock was not to be had. */
export function lockedOut(): DewarError {
  return unavailable(undefined, 'Another connection has held the lock of the database for 1.5 seconds.')
}

/** What `prepare` rejects with: `store/refused` for what only the author can put right. */
export function refusedIfFinal(thrown: unknown): unknown {
  const cause = thrown instanceof DewarError ? thrown.cause : thrown
  if (cause instanceof DewarError && cause.code === 'store/refused') return cause
  if (!(cause instanceof Error && refusedCodes.has(codeOf(cause)))) return thrown
  return new DewarError('store/refused', `The database cannot be used: ${cause.message}.`, { cause })
}

// Node, Bun and Deno all put SQLite's extended code there; but Deno not where a statement is prepared, which is where a
// file that is no database is met.
function codeOf(thrown: unknown): number {
  if (!(thrown instanceof Error)) return 0
  const code = 'errcode' in thrown ? thrown.errcode : undefined
  if (typeof code === 'number') return code & 0xff
  return thrown.message === 'file is not a database' ? notADatabase : 0
}
