import type { Random } from 'dewar'

/** Chance that is the same for the same seed: sfc32, which passes the usual tests of randomness and needs no state but four numbers. */
export class Chance implements Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  /** `stream` tells apart what must not disturb each other: one more token must not change who goes next. */
  constructor(seed: number, stream: number) {
    this.#a = seed | 0
    this.#b = stream | 0
    this.#c = 0x9e3779b9
    for (let spin = 0; spin < 12; spin++) this.#next()
  }

  /** A number from 0 to below 1. */
  fraction(): number {
    return this.#next() / 0x1_0000_0000
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit)
  }

  happens(probability: number): boolean {
    return this.fraction() < probability
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0]
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#next() & 0xff)
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}
