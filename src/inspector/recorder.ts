import type { Received } from '../app/house.ts'
import type { Config } from '../app/options.ts'
import { Reply } from '../app/reply.ts'
import type { Opened } from '../app/stations.ts'
import { notAsked } from '../app/unopened.ts'
import type { Stations, Trace } from '../app/watching.ts'
import type { RequestCookies } from '../http/cookies.ts'
import type { Standing } from '../once/standing.ts'
import type { Opening } from '../session/keeper.ts'
import type { SessionState } from '../session/state.ts'
import { cookiesSent, cookiesSet } from './describe-cookies.ts'
import { addressOf, postedIn } from './describe-posted.ts'
import { partsOf } from './describe-session.ts'
import { endingOf, saysOf } from './describe-station.ts'
import type { CookieSeen, Exchange, SessionSeen, StationSeen, SubmissionSeen, Trip } from './exchange.ts'

/** What is known of an exchange besides its place among the others. */
export type Recorded = Omit<Exchange, 'number' | 'story'>

/** Takes down one request on its way. What it makes holds words and numbers alone. */
export class Recorder implements Trace {
  readonly #received: Received
  readonly #atMs = Date.now()
  readonly #begun = performance.now()
  readonly #stations: StationSeen[] = []
  readonly #trips: Trip[] = []
  #last = this.#begun
  #config: Config | null = null
  /** Those of the apps around the one that answers. */
  readonly #around = new Set<Config>()
  #cookies: RequestCookies = {}
  #opened: Pick<Opened, 'config' | 'live' | 'opening' | 'submission' | 'lack'> | null = null
  #standing: Standing['kind'] | null = null
  #before: SessionState | null = null
  #posted: Exchange['posted'] = null
  #isLeaving = false
  #isAnswered = false
  /** Whether it is a request for the inspector itself, mounted in the app: nobody wants to see that. */
  isOfInspector = false

  constructor(received: Received) {
    this.#received = received
  }

  pass(name: keyof Stations, came: Stations[keyof Stations] | Reply): void {
    const isExit = came instanceof Reply
    if (!isExit) this.#remember(came)
    this.#isAnswered ||= !isExit && 'reply' in came
    this.#mark(name, saysOf(name, came, this.#standing), isExit)
  }

  judge(opened: Opened, standing: Standing): void {
    this.#remember(opened)
    this.#standing = standing.kind
  }

  /** A store was asked. */
  tripped(trip: Trip): void {
    this.#trips.push(trip)
  }

  /** All of it, when the reply is there. */
  finish(reply: Reply, error: unknown): Recorded {
    if (!this.#isLeaving) this.#end(reply)
    const { request, url } = this.#received
    const location = reply.header('location')
    return {
      atMs: this.#atMs,
      method: request.method,
      address: addressOf(url),
      status: reply.status,
      location: location === undefined ? null : addressWithin(location, url),
      totalMs: performance.now() - this.#begun,
      stations: this.#stations,
      posted: this.#posted,
      submission: this.#submission(),
      session: this.#session(),
      sent: this.#sent(),
      set: this.#set(reply),
      trips: this.#trips,
      error: error === undefined ? null : errorLine(error),
    }
  }

  // A request for an app that is mounted passes its stations inside of those of the one around it: the inner ones count.
  #remember(came: Stations[keyof Stations]): void {
    const { config } = came
    if (this.#around.has(config)) return
    if (this.#config !== null && this.#config !== config) this.#around.add(this.#config)
    this.#config = config
    if ('cookies' in came) this.#cookies = came.cookies
    if ('fields' in came) this.#posted = postedIn(came) // files go away with the request
    if (!('submission' in came)) return
    const { live, opening, submission, lack } = came
    if (live === null || opening === null) return
    if (this.#opened?.config !== config) this.#before = stateIn(opening)
    this.#opened = { config, live, opening, submission, lack }
  }

  // Without an answer something has failed on the way, as a store that is away.
  #end(reply: Reply): void {
    if (this.#isAnswered) this.#mark('Committed', endingOf(reply, this.#opened?.live.changed === true), true)
    else this.#mark('Failed', `It went no further: ${reply.status}.`, true)
  }

  #mark(name: string, says: string, isExit: boolean): void {
    const now = performance.now()
    this.#stations.push({ name, ms: now - this.#last, says, isExit })
    this.#last = now
    this.#isLeaving = isExit
  }

  #submission(): SubmissionSeen | null {
    const submission = this.#opened?.submission ?? null
    if (submission === null) return null
    const { key, rules, proven } = submission
    const ageSeconds = Math.max(0, Math.floor(this.#atMs / 1000) - proven.issuedSeconds)
    const isAsked = this.#standing === 'first' && this.#opened?.lack !== null
    const standing = isAsked ? 'asked again' : (this.#standing ?? 'not looked up')
    return { key: key.slice(0, 8), standing, mode: rules.mode, ageSeconds }
  }

  #session(): SessionSeen {
    const opened = this.#opened
    const where = this.#config?.store?.name ?? 'cookie'
    if (opened === null) return { where, id: null, user: null, parts: [], asked: 'no' }
    const { live, opening } = opened
    const after = live.touched && opening.isAvailable ? live.state : this.#before
    return {
      where,
      id: after?.family ?? this.#before?.family ?? null,
      user: after?.user ?? null,
      parts: partsOf(this.#before, after),
      asked: live.touched ? (opening.isAvailable || opening === notAsked ? 'yes' : 'in vain') : 'no',
    }
  }

  #sent(): readonly CookieSeen[] {
    const config = this.#config
    if (config === null) return []
    const opening = this.#opened?.opening ?? notAsked
    const row =
      config.store === null ? null : opening.isAvailable ? opening.there : opening === notAsked ? 'not asked' : 'away'
    return cookiesSent(this.#cookies, config, row)
  }

  #set(reply: Reply): readonly CookieSeen[] {
    return this.#config === null ? [] : cookiesSet(reply.values('set-cookie'), this.#config)
  }
}

// A session that cannot be read, as of a store that is away, is none to show.
function stateIn(opening: Opening): SessionState | null {
  try {
    return opening.isAvailable ? opening.state() : null
  } catch {
    return null
  }
}

function addressWithin(location: string, url: URL): string {
  const to = URL.canParse(location, url.href) ? new URL(location, url.href) : null
  return to === null || to.origin !== url.origin ? location : addressOf(to) + to.hash
}

function errorLine(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : `Thrown: ${String(error)}`
  } catch {
    return 'Thrown: a value that cannot be shown'
  }
}
