import { describe } from 'node:test'
import { eachToItsOwn, edited, holds, isCaught, same } from './examine.ts'
import { guardModel } from './guard-model.ts'
import type { GuardFlaw } from './guard-record.ts'

describe('a submission with an effect outside of the store, which runs again after a crash', () => {
  holds('guard, rerun', { crowds: [same, edited], modelOf: (sent) => guardModel({ ...sent, onCrash: 'rerun' }) })

  const recorded = '1 it is recorded as done at most once'
  const again = '1 the effect happens again only where an owner was killed or outlived its lease'
  const silently = '4 another body never runs silently'
  const caught = (flaw: GuardFlaw, property: string, bodies = same): void =>
    isCaught(flaw, { property, model: guardModel({ ...eachToItsOwn(bodies), onCrash: 'rerun', flaw }) })

  caught('check, then claim', again)
  caught('completion without owner', recorded)
  caught('release without owner', again)
  caught('takeover by another body', silently, edited)
  caught('release after a takeover', silently, edited)
})
