import { DewarError } from '../errors/dewar-error.ts'
import type { EndInside, SessionSent } from '../session/keeper.ts'
import type { Completion, Outcome, SessionRow, Work } from '../store/store.ts'
import { forwardMessages } from './forward.ts'
import { Invalid } from './invalid.ts'
import { completionOf } from './once-end.ts'
import type { Reply } from './reply.ts'
import type { RequestContext } from './request-context.ts'
import type { Opened } from './stations.ts'
import type { Submission } from './submission.ts'
import { toReply } from './to-reply.ts'

/** An answer whose effect, session and submission are kept. Made by `commit` of the context. */
export interface Committed {
  readonly reply: Reply
  readonly end: SessionSent
}

/**
 * Runs work in one transaction of the store with the session and the submission: all of it is kept, or nothing. What the
 * work returns is the answer; 4xx, 5xx and `invalid` undo it. Throws what the work throws, having undone it, and
 * `once/lost` if the same submission was done by somebody else meanwhile.
 */
export async function transact(
  opened: Opened,
  context: RequestContext,
  work: (tx: unknown) => unknown,
): Promise<Committed | Reply | Invalid> {
  const { config, live, submission, opening } = opened
  const { keeper } = config
  if (keeper.transact === null) throw new DewarError('once/no-transaction')
  const once = submission === null ? {} : { once: unanswered(submission) }
  const family = opening.row?.family ?? opening.greeted ?? live.nothingYet.family
  const length = live.log.length
  const asked = { family, nowSeconds: live.nowSeconds, ...once }
  let attempt = new Attempt(opened, context)
  for (let tries = 1; ; tries++) {
    const outcome = await keeper.transact(asked, (tx, row) => {
      live.rewind(length) // the work may be run again
      attempt = new Attempt(opened, context)
      const value = work(tx)
      return value instanceof Promise ? value.then((done) => attempt.finish(done, row)) : attempt.finish(value, row)
    })
    // A session that is not there cannot be locked: another request may have begun it. Then it is there the next time.
    if (outcome.kind !== 'conflict' || tries === mostTries) return attempt.outcome(outcome)
  }
}

const mostTries = 3

// Its answer follows when the work has given it.
function unanswered({ key, fingerprint, expiresSeconds, owner }: Submission): Completion {
  return { key, fingerprint, expiresSeconds, answer: '', ...(owner !== undefined && { owner }) }
}

/** One run of the work, and what it came to. */
class Attempt {
  readonly #opened: Opened
  readonly #context: RequestContext
  #answer: Reply | Invalid | null = null
  #inside: EndInside | null = null
  /** Another request has begun the session of this visitor meanwhile, and this one may not join it. */
  #isTaken = false

  constructor(opened: Opened, context: RequestContext) {
    this.#opened = opened
    this.#context = context
  }

  /** What is to be written with what the work returned; `null` undoes all. */
  finish(value: unknown, row: SessionRow | null): Work | Promise<Work> {
    if (value instanceof Invalid) {
      this.#answer = value
      return null
    }
    const reply = toReply(value, this.#context)
    return reply instanceof Promise ? reply.then((ready) => this.#conclude(ready, row)) : this.#conclude(reply, row)
  }

  #conclude(reply: Reply, row: SessionRow | null): Work {
    const { config, submission, live, arrival } = this.#opened
    this.#answer = reply
    if (reply.status >= 400) return null
    forwardMessages(this.#opened, this.#context, reply)
    const once = submission === null ? undefined : completionOf(submission, { reply, live })
    const inside = config.keeper.endInside({ arrival, opening: this.#opened.opening, live, once }, row)
    this.#inside = inside
    this.#isTaken = inside === null
    if (inside === null) return null // its session would be in no transaction with it: so nothing is done
    const session = inside.session && { session: inside.session }
    if (once === undefined) return { ...session }
    return { ...session, answer: once.answer({ end: inside.end.kind, setCookie: null }) }
  }

  async outcome(outcome: Outcome | { readonly kind: 'abandoned' }): Promise<Committed | Reply | Invalid> {
    switch (outcome.kind) {
      case 'abandoned':
        if (this.#isTaken) return this.#lose()
        if (this.#answer !== null) return this.#answer
        throw new DewarError('app/answer-missing')
      case 'lost':
        return this.#lose()
      case 'conflict':
      case 'gone':
        throw new DewarError('store/unavailable', 'The session changed in a transaction that had locked it.')
      case 'committed': {
        const reply = this.#answer
        const inside = this.#inside
        if (reply === null || reply instanceof Invalid || inside === null) throw new TypeError('No work was committed.')
        return { reply, end: inside.end }
      }
    }
  }

  // It is looked at again, with what is there now.
  #lose(): never {
    if (this.#opened.submission === null) throw new DewarError('store/unavailable', 'The session was begun meanwhile.')
    this.#context.isLost = true
    throw new DewarError('once/lost')
  }
}
