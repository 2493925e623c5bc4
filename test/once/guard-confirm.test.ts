import { describe } from 'node:test'
import { eachToItsOwn, edited, holds, isCaught, same } from './examine.ts'
import { guardModel } from './guard-model.ts'
import type { GuardFlaw } from './guard-record.ts'

describe('a submission with an effect outside of the store, whose person is asked after a crash', () => {
  holds('guard, confirm', { crowds: [same, edited], modelOf: (sent) => guardModel({ ...sent, onCrash: 'confirm' }) })

  const once = '1 the effect happens at most once'
  const redirects = '2 every redirect leads to one place, and its effect is recorded'
  const answers = '3 everybody can still be answered'
  const caught = (flaw: GuardFlaw, property: string, bodies = same): void =>
    isCaught(flaw, { property, model: guardModel({ ...eachToItsOwn(bodies), onCrash: 'confirm', flaw }) })

  caught('check, then claim', once)
  caught('claim without a lease', answers)
  caught('takeover where a person is to be asked', once)
  caught('release without owner', once)
  caught('redirect before the completion', redirects)
  caught('repeat without comparing bodies', redirects, edited)
  caught('waiting page without comparing bodies', redirects, edited)
  caught('record swept early', once)
  caught('record swept when its token expires', once)
})
