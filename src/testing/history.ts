/** Pages in the order they were shown, and which of them is shown now. */
export class History<Shown> {
  #entries: readonly Shown[] = []
  #position = -1

  /** What is shown now; `undefined` before the first page. */
  get current(): Shown | undefined {
    return this.#entries[this.#position]
  }

  /**
   * Shows an entry after the one it was reached from; what came after that is forgotten. From an entry that is itself
   * forgotten, or from none (the address bar), it follows the current one.
   */
  add(entry: Shown, from?: Shown): void {
    const found = from === undefined ? -1 : this.#entries.indexOf(from)
    const kept = found === -1 ? this.#position : found
    this.#entries = [...this.#entries.slice(0, kept + 1), entry]
    this.#position = kept + 1
  }

  /** Shows `entry` in the place of `old`. */
  replace(old: Shown, entry: Shown): void {
    this.#entries = this.#entries.map((candidate) => (candidate === old ? entry : candidate))
  }

  /** Shows the entry before the current one and gives it; `undefined`, and no change, when there is none. */
  back(): Shown | undefined {
    const before = this.#entries[this.#position - 1]
    if (before !== undefined) this.#position -= 1
    return before
  }
}
