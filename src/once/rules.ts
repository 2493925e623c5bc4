/** What happens when another body comes with a token that has been used. */
export type ChangedPolicy =
  /** The form is shown again with what was typed, says that it was submitted before, and may be sent again. */
  | 'confirm'
  /** Each different body runs once. */
  | 'accept'
  /** The answer is the first one. */
  | 'replay'
  /** 422. */
  | 'reject'

/** How a form is submitted once. */
export interface OnceRules {
  /**
   * `tx`: the submission is recorded in the transaction that keeps its effect; `guard`: it is claimed before, for what
   * happens outside of the store.
   */
  readonly mode: 'tx' | 'guard'
  readonly changed: ChangedPolicy
  /** With `guard`, when nobody knows whether a killed process had done it: ask the person, or do it again. */
  readonly onCrash: 'confirm' | 'rerun'
}

/** For how long a claim counts, in seconds: above the longest that a handler may take. */
export const leaseSeconds = 30

/** How much longer than its token a record is kept, in seconds: the longest request and the skew of clocks. */
export const recordGraceSeconds: number = 10 * 60
