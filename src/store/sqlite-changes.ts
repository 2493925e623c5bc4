import { DewarError } from '../errors/dewar-error.ts'
import { type CompletionVerdict, judgeClaim, judgeCompletion, judgeOnce, judgeSession } from './judge-change.ts'
import type { Statements } from './sqlite-statements.ts'
import type { Asked, Begun, Change, Completion, Outcome, SessionChange, SessionRow, Work } from './store.ts'

/** What a request needs to know. Takes no lock. */
export function begin(statements: Statements, { family, nowSeconds, once }: Asked): Begun {
  // First what is known of the submission: then the session, and the incarnation, is never older than its answer. Nor is
  // it newer: what another process has committed in between is looked at again.
  const known = once === undefined ? null : statements.once(once.key, nowSeconds)
  const { session, incarnation } = statements.begun(family, nowSeconds)
  const isNewer = once !== undefined && known === null && statements.once(once.key, nowSeconds) !== null
  if (isNewer) return begin(statements, { family, nowSeconds, once })
  return { session, once: known, isMine: false, incarnation }
}

// All that follow run in a transaction that holds the write lock: what they read stays as it is until they are done.

/** Claims a submission if it is free. */
export function claim(statements: Statements, asked: Asked): Begun {
  const begun = begin(statements, asked)
  const claimed = judgeClaim(begun.once, asked)
  if (claimed === null) return begun
  statements.keepOnce(claimed)
  return { ...begun, once: claimed, isMine: true }
}

/** Makes a change. Unless it is `committed`, what was done is to be undone. */
export function makeChange(statements: Statements, { family, nowSeconds, session, once }: Change): Outcome {
  if (once !== undefined) {
    const verdict = judgeOnce(statements.once(once.key, nowSeconds), once)
    if (verdict.kind === 'lost') return verdict
    if (verdict.kind === 'write') statements.keepOnce(verdict.row)
    if (verdict.kind === 'remove') statements.removeOnce(once.key)
  }
  return session === undefined
    ? { kind: 'committed' }
    : changeSession(statements, { family, session, there: statements.session(family, nowSeconds) })
}

/** What is asked of a transaction. */
export interface Transaction {
  readonly family: string
  readonly once?: Completion
  readonly nowSeconds: number
}

/** What a transaction came to, or what its work threw. */
export type Transacted = Outcome | { readonly kind: 'abandoned' } | { readonly kind: 'threw'; readonly thrown: unknown }

/** What is run in a transaction. */
export interface Running {
  work(session: SessionRow | null): Work | Promise<Work>
  /** Whether the transaction is still open. */
  isOpen(): boolean
}

/**
 * Runs work in the transaction. Unless it is `committed`, what was done is to be undone. Nothing is written after work that
 * has ended the transaction: that is found out when it is to be committed.
 */
export function runTransaction(
  statements: Statements,
  { family, once, nowSeconds }: Transaction,
  { work, isOpen }: Running,
): Transacted {
  const verdict = once === undefined ? null : complete(statements, once, nowSeconds)
  if (verdict?.kind === 'lost') return verdict
  const there = statements.session(family, nowSeconds)
  let done: Work
  try {
    done = atOnce(work(there))
  } catch (thrown) {
    return { kind: 'threw', thrown }
  }
  if (done === null) return { kind: 'abandoned' }
  if (!isOpen()) return { kind: 'committed' }
  const { session, answer } = done
  if (once !== undefined && answer !== undefined) statements.keepAnswer(once.key, answer)
  return session === undefined ? { kind: 'committed' } : changeSession(statements, { family, session, there })
}

// Most have not been claimed and are the first: one statement less for them, of the few that an order takes.
function complete(statements: Statements, once: Completion, nowSeconds: number): CompletionVerdict {
  const first = once.owner === undefined ? judgeCompletion(null, once) : null
  if (first?.kind === 'write' && statements.keepFreeOnce(first.row, nowSeconds)) return first
  const verdict = judgeCompletion(statements.once(once.key, nowSeconds), once)
  if (verdict.kind === 'write') statements.keepOnce(verdict.row)
  return verdict
}

function changeSession(
  statements: Statements,
  {
    family,
    session,
    there,
  }: { readonly family: string; readonly session: SessionChange; readonly there: SessionRow | null },
): Outcome {
  const verdict = judgeSession(there, session)
  if (verdict.kind === 'conflict' || verdict.kind === 'gone') return verdict
  if (verdict.kind === 'write' && there !== null) statements.updateSession(verdict.row, there)
  else if (verdict.kind === 'write') statements.keepSession(verdict.row)
  if (verdict.kind === 'remove') statements.removeSession(family)
  return { kind: 'committed' }
}

// What is done after the transaction has ended would be done outside of it, and stay when the rest is undone.
function atOnce(work: Work | Promise<Work>): Work {
  if (work instanceof Promise) {
    work.catch(() => {}) // who wrote it is told what is thrown below
    const detail = 'The work of a transaction on SQLite gave back a promise. What it had done by then is undone;'
    throw new DewarError(
      'app/option-invalid',
      `${detail} what it does later is outside of it. Write it without async and await: its statements are synchronous.`,
    )
  }
  if (work !== undefined) return work
  throw new DewarError(
    'app/option-invalid',
    'The work of a transaction gave nothing back. Return {} to commit it, or null to undo it.',
  )
}
