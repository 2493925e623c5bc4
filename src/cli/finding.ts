/** What a look at one thing came to. */
export interface Finding {
  /** `fail`: production will not work, or not keep what is promised. `warn`: it depends on what is meant. */
  readonly verdict: 'ok' | 'warn' | 'fail'
  /** What was looked at, in a word. */
  readonly about: string
  /** What was seen, and what to do about it. */
  readonly says: string
}
