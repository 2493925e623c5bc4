/** Chance that a seed decides: the same seed throws the same numbers, each time. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1))
  }

  /** One of these. */
  pick<Thing>(things: readonly [Thing, ...Thing[]]): Thing {
    return things[this.between(0, things.length - 1)] ?? things[0]
  }

  /** Whether something happens that happens once in so many times. */
  isOneIn(times: number): boolean {
    return this.between(1, times) === 1
  }

  /** Dice of their own for somebody, so that nobody's throws depend on who came first. */
  for(number: number): Dice {
    return new Dice(Math.imul(this.#state ^ 0x5bd1e995, 2 * number + 1))
  }

  // The generator mulberry32: 32 bits of state, each of which changes all of what is thrown next.
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
