/**
 * The exam of a store: every sentence of `src/store/store.ts` as a test. Each keeper's own test calls it with a way to
 * open a stage; what only one keeper has (a file, a server, a pool) is examined there.
 *
 * Texts are what all keepers can hold: well-formed Unicode without U+0000, which Postgres has no place for.
 */
import { describe } from 'node:test'
import { examineCrowds } from './contract-crowds.ts'
import { examineIncarnation } from './contract-incarnation.ts'
import { examineLists } from './contract-lists.ts'
import { examineSessions } from './contract-sessions.ts'
import { examineSubmissions } from './contract-submissions.ts'
import { examineTogether } from './contract-together.ts'
import type { Open } from './stage.ts'

export { examineTransactions, type TransactionStage } from './contract-transactions.ts'
export type { Open, Stage } from './stage.ts'

/** Examines a store. With a reason to skip, nothing is opened. */
export function examineStore(name: string, { skip = false, open }: { skip?: string | false; open: Open }): void {
  describe(`${name} keeps what a store promises`, { skip }, () => {
    examineSessions(open)
    examineLists(open)
    examineSubmissions(open)
    examineTogether(open)
    examineCrowds(open)
    examineIncarnation(open)
  })
}
