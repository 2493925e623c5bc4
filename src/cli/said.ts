/** What a run of `dewar` came to, and the text that it says. */
export interface Said {
  /** `found wanting` is done too: what was asked for is told, and it is not good. */
  readonly kind: 'done' | 'found wanting' | 'failed' | 'wrong use'
  readonly text: string
}
