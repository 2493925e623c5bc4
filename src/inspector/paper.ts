import { copyOf } from '../session/opened-texts.ts'

/** Most characters of one text, and of all that is written down of one exchange. */
const most = { text: 1_000, exchange: 40_000 } as const

/** What one exchange is written on: a text that is too long is cut, and what comes when it is full is left out. */
export class Paper {
  #left: number = most.exchange

  /** The text as it is kept: in a copy of its own, for a part of another one would keep the whole of it in memory. */
  write(text: string): string {
    const room = Math.min(most.text, this.#left)
    if (text.length <= room) return this.#keep(text)
    return this.#keep(`${text.slice(0, room).toWellFormed()}… (${text.length.toLocaleString('en')} characters)`)
  }

  #keep(text: string): string {
    this.#left = Math.max(0, this.#left - text.length)
    return copyOf(text)
  }
}
