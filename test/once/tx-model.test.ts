import { describe } from 'node:test'
import { eachToItsOwn, edited, holds, isCaught, same } from './examine.ts'
import { type TxFlaw, txModel } from './tx-model.ts'

describe('a submission in one transaction with its effect', () => {
  holds('tx', { crowds: [same, edited, [...edited, 'B']], modelOf: txModel })

  const once = '1 the effect commits at most once'
  const redirects = '2 every redirect leads to one place, and its effect is committed'
  const together = '5 session and effect commit together'
  const caught = (flaw: TxFlaw, property: string, bodies = same): void =>
    isCaught(flaw, { property, model: txModel({ ...eachToItsOwn(bodies), flaw }) })

  caught('check, then claim', once)
  caught('effect and record in two transactions', once)
  caught('effect and session in two transactions', together)
  caught('redirect before the commit', redirects)
  caught('repeat without comparing bodies', redirects, edited)
  caught('record swept early', once)
  caught('record swept when its token expires', once)
})
