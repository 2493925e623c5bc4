import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, type Asking, ask, CutShort, cookieAfter, tokenIn } from './shop.ts'

/** People at the shop, who all ask at once, each over a new connection every time; and what they have seen. */
export class Crowd {
  readonly #url: string
  readonly #isPatient: boolean
  #isLeaving = false
  /** What was ordered, and where that led to. */
  readonly acknowledged = new Map<string, string>()
  /** The pages that somebody has looked at. */
  readonly looked: string[] = []
  readonly statuses = new Set<number>()
  /** Who has answered. */
  readonly processes = new Set<number>()
  /** How many answers came. */
  answers = 0
  /** How many answers began and did not come whole. */
  cutShort = 0

  /** The patient ask again where they got no answer; the others go. */
  constructor(url: string, { isPatient }: { readonly isPatient: boolean }) {
    this.#url = url
    this.#isPatient = isPatient
  }

  /** Lets all go when they have the answer that they wait for. */
  leave(): void {
    this.#isLeaving = true
  }

  /** Somebody orders one thing after the other. */
  async order(name: string): Promise<void> {
    for (let number = 0; !this.#isLeaving; number++) {
      const page = await this.#ask('/order')
      if (page === null) return
      const what = `${name} ${number}`
      const answer = await this.#ask('/order', { fields: { _token: tokenIn(page), what }, cookie: cookieAfter(page) })
      if (answer === null) return
      this.acknowledged.set(what, `${answer.headers.location}`)
    }
  }

  /** Somebody looks at one slow and large page after the other. */
  async look(name: string): Promise<void> {
    for (let number = 0; !this.#isLeaving; number++) {
      if ((await this.#ask(`/slow/${name}-${number}`)) === null) return
      this.looked.push(`${name}-${number}`)
    }
  }

  async #ask(path: string, asking: Asking = {}): Promise<Answer | null> {
    for (;;) {
      const answer = await ask(this.#url + path, asking).catch((error: unknown) => error)
      if (!(answer instanceof Error)) return this.#note(answer as Answer) // what does not fail gives one
      if (answer instanceof CutShort) this.cutShort += 1
      if (!this.#isPatient) return null
      await wait(20)
    }
  }

  #note(answer: Answer): Answer {
    this.answers += 1
    this.statuses.add(answer.status)
    if (answer.by > 0) this.processes.add(answer.by)
    return answer
  }
}
