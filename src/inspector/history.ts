import { type Exchange, isRedirect, type Story } from './exchange.ts'
import type { Recorded } from './recorder.ts'

/** How many exchanges are remembered. */
const mostExchanges = 300
/** How long a browser may take to follow a redirect, in milliseconds. */
const followMs = 30_000

/** Tells one visitor from another, well enough to see who followed a redirect. */
export interface Sender {
  readonly address: string
  readonly userAgent: string
}

/** What the inspector has seen: the last 300 exchanges, joined into stories. */
export class History {
  /** Names this memory: after a restart it is another one, and its numbers begin anew. */
  readonly run: string = Date.now().toString(36)
  readonly #exchanges: Exchange[] = []
  readonly #listeners = new Set<(story: Story) => void>()
  readonly #changes = new Map<number, number>()
  #redirects: Redirect[] = []
  #count = 0
  #change = 0

  /** Remembers an exchange, and tells those who listen. `from` says whose request it was, and what it asked for. */
  add(recorded: Recorded, from: From): void {
    this.#count += 1
    const number = this.#count
    const story = (recorded.method === 'GET' ? this.#followed(from) : null) ?? number
    const exchange = { ...recorded, number, story }
    this.#exchanges.push(exchange)
    if (this.#exchanges.length > mostExchanges) this.#forget()
    this.#expect(exchange, from)
    this.#change += 1
    this.#changes.set(story, this.#change)
    const told = this.story(story)
    if (told !== null) for (const listener of this.#listeners) listener(told)
  }

  /** An exchange by its number, or `null` if it is forgotten. */
  exchange(number: number): Exchange | null {
    return this.#exchanges.find((exchange) => exchange.number === number) ?? null
  }

  /** All that is remembered, in the order in which it was answered. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges
  }

  /** A story by its number, or `null` if all of it is forgotten. */
  story(number: number): Story | null {
    const exchanges = this.#exchanges.filter(({ story }) => story === number)
    return exchanges.length === 0 ? null : { number, exchanges, change: this.#changes.get(number) ?? 0 }
  }

  /** The stories that changed after `change`, the newest first. */
  storiesSince(change: number): readonly Story[] {
    const numbers = [...new Set(this.#exchanges.map(({ story }) => story))]
    const stories = numbers.flatMap((number) => this.story(number) ?? [])
    return stories.filter((story) => story.change > change).sort((one, other) => other.number - one.number)
  }

  /** Forgets all. */
  clear(): void {
    this.#exchanges.length = 0
    this.#changes.clear()
    this.#redirects = []
  }

  /** Calls back with each story that begins or goes on, until the function that this gives is called. */
  listen(listener: (story: Story) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #forget(): void {
    const [gone] = this.#exchanges.splice(0, 1)
    if (gone !== undefined && this.story(gone.story) === null) this.#changes.delete(gone.story)
  }

  #expect(exchange: Exchange, { sender, to }: From): void {
    const { story } = exchange
    if (!isRedirect(exchange) || to === null) return
    this.#redirects = [...this.#redirects, { sender, to, story, atMs: Date.now() }].slice(-mostExchanges)
  }

  // The newest one that leads here and that nobody has followed.
  #followed({ sender, asked }: From): number | null {
    const now = Date.now()
    this.#redirects = this.#redirects.filter(({ atMs }) => now - atMs < followMs)
    const at = this.#redirects.findLastIndex(({ sender: theirs, to }) => to === asked && isSame(theirs, sender))
    return at === -1 ? null : (this.#redirects.splice(at, 1)[0]?.story ?? null)
  }
}

/** Whose request an exchange began with, and where from and to, as `placeOf` gives it. */
export interface From {
  readonly sender: Sender
  /** `null` for nobody: it was fetched ahead. */
  readonly asked: string | null
  /** Where the answer leads to; `null` for nowhere. */
  readonly to: string | null
}

interface Redirect {
  readonly sender: Sender
  readonly to: string
  readonly story: number
  readonly atMs: number
}

/** An address without its fragment, by which a redirect and the request that follows it are matched. */
export function placeOf(url: URL): string {
  return url.origin + url.pathname + url.search
}

function isSame(one: Sender, other: Sender): boolean {
  return one.address === other.address && one.userAgent === other.userAgent
}
