import type { Property } from './broken.ts'
import type { Mode } from './modes.ts'

/** One step of the protocol, done wrong: a text of one file that stands in for another one. */
export interface BrokenCopy {
  readonly name: string
  readonly mode: Mode
  /** Below the project. */
  readonly file: string
  readonly right: string
  readonly wrong: string
  /** What does not hold any more: a seed in which one of these breaks has to be found. */
  readonly breaks: readonly Property[]
}

const once: Property = 'an effect happens at most once'
const together: Property = 'the session and the effect are kept together'
const kept: Property = 'what was acknowledged is kept'

/** The tests of the tests: each of them has to be found. */
export const brokenCopies: readonly BrokenCopy[] = [
  {
    name: 'a claim that is won by everybody',
    mode: 'memory',
    file: 'src/store/judge-change.ts',
    right: 'return isFree ?',
    wrong: 'return isFree || there?.state === "running" ?',
    breaks: [once, 'another body never runs silently', 'a redirect is always the same one'],
  },
  {
    name: 'a claim that is checked first and written afterwards',
    mode: 'memory',
    file: 'test/simulation/simulated-store.ts',
    right: 'return this.call(label, begin, { waits: once?.claim !== undefined })',
    wrong: `if (once?.claim === undefined) return this.call(label, begin)
      const read = { ...asked, once: { key: once.key } }
      const claim = { key: once.key, state: 'running', answer: null, ...once.claim }
      const look = async () => ({ ...(await this.disk.store.begin(read)), incarnation: '' })
      return this.call(label, look).then(async (begun) => {
        if (begun.once !== null) return begun
        await this.call(label, async () => {
          const now = await this.disk.store.begin(read)
          if (now.once?.state === 'running') {
            const release = { kind: 'release', key: once.key, owner: now.once.owner }
            await this.disk.store.commit({ family: '', nowSeconds: asked.nowSeconds, once: release })
          }
          return this.disk.store.begin(asked)
        })
        return { ...begun, once: claim, isMine: true }
      })`,
    breaks: [once, 'another body never runs silently', 'a redirect is always the same one'],
  },
  {
    name: 'a lease that is over may be taken with something else',
    mode: 'memory',
    file: 'src/store/judge-change.ts',
    right: 'there?.fingerprint === once.claim.fingerprint',
    wrong: 'true',
    breaks: ['a redirect exists only if the effect does', 'another body never runs silently'],
  },
  {
    name: 'a completion that asks nobody whose it is',
    mode: 'tx',
    file: 'src/store/judge-change.ts',
    right: 'if (!isTheirs)',
    wrong: 'if (false)',
    breaks: [once, 'another body never runs silently', 'a redirect is always the same one'],
  },
  {
    name: 'a claim that is released although something outside has begun',
    mode: 'memory',
    file: 'src/app/once-end.ts',
    right: ' && !context.isOutside',
    wrong: '',
    breaks: [once, 'another body never runs silently'],
  },
  {
    name: 'a claim that took the place of another one and is released to everybody',
    mode: 'memory',
    file: 'src/store/judge-change.ts',
    right: "there === null ? null : ''",
    wrong: 'null',
    breaks: ['a redirect exists only if the effect does', 'another body never runs silently'],
  },
  {
    name: 'an effect outside of its transaction',
    mode: 'tx',
    file: 'test/simulation/transactional-store.ts',
    right: 'rows.push({',
    wrong: 'disk.effects.push({',
    breaks: [once, together, 'another body never runs silently'],
  },
  {
    name: 'the effect and its record in two transactions',
    mode: 'tx',
    file: 'src/app/transaction.ts',
    right: 'const once = submission === null ? {} : { once: unanswered(submission) }',
    wrong: 'const once = {}',
    breaks: [once, 'another body never runs silently'],
  },
  {
    name: 'a session that is written beside the transaction',
    mode: 'tx',
    file: 'src/session/store-keeper.ts',
    right: 'return isOther || others.length > 0 ? null : { session: first?.session, end: plan.end }',
    wrong: 'return { session: undefined, end: plan.end }',
    breaks: [together, kept],
  },
  {
    name: 'a record that is over with its token',
    mode: 'tx',
    file: 'src/once/rules.ts',
    right: 'recordGraceSeconds: number = 10 * 60',
    wrong: 'recordGraceSeconds: number = -10 * 60',
    breaks: [once, 'another body never runs silently', 'a redirect is always the same one'],
  },
  {
    name: 'bodies that are not compared',
    mode: 'tx',
    file: 'src/once/standing.ts',
    right: 'once.fingerprint === fingerprint ?',
    wrong: 'true ?',
    breaks: ['a redirect exists only if the effect does'],
  },
  {
    name: 'bodies that are told apart by their key, and run',
    mode: 'tx',
    file: 'src/app/submission.ts',
    right: "rules.changed === 'accept' ?",
    wrong: 'true ?',
    breaks: ['another body never runs silently'],
  },
  {
    name: 'a session that is written after it was ended',
    mode: 'memory',
    file: 'src/store/judge-change.ts',
    right: "if (there === null) return { kind: 'gone' }",
    wrong: "if (there === null) return { kind: 'write', row: change.row }",
    breaks: ['an ended session stays ended'],
  },
  {
    name: 'a session that is written whatever version it has',
    mode: 'memory',
    file: 'src/store/judge-change.ts',
    right: 'if (there.version !== change.row.version - 1)',
    wrong: 'if (false)',
    breaks: [kept, together, 'an ended session stays ended'],
  },
  {
    name: 'a redirect before the commit',
    mode: 'memory',
    file: 'src/app/commit.ts',
    right: 'return dress(answered, failureOf(viewerOf(answered), error))',
    wrong: 'return dress(answered, reply)',
    breaks: [kept, 'a redirect is always the same one', 'a redirect exists only if the effect does'],
  },
  {
    name: 'an answer for everybody who brings the token',
    mode: 'tx',
    file: 'src/app/kept-answer.ts',
    right: 'return config.store === null || opening.row !== null || code === visitor.code',
    wrong: 'return config.store !== null || opening.row !== null || code === visitor.code',
    breaks: ['nobody gets the cookie or the answer of somebody else'],
  },
  {
    name: 'a turn that is never given back',
    mode: 'cookie',
    file: 'src/session/turns.ts',
    right: 'before.then(work)',
    wrong: 'before.then(() => new Promise<never>(() => {}))',
    breaks: ['nothing hangs'],
  },
  {
    name: 'turns that nobody takes, and records that nobody looks at',
    mode: 'cookie',
    file: 'src/once/standing.ts',
    right: 'if (once === null || isMine)',
    wrong: 'if (once === null || isMine || once.state === "running")',
    breaks: [once, 'another body never runs silently', 'a redirect is always the same one'],
  },
]
