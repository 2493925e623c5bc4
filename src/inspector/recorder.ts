import type { Received } from '../app/house.ts'
import type { Config } from '../app/options.ts'
import { Reply } from '../app/reply.ts'
import { isShownAsPage } from '../app/shown-as-page.ts'
import type { Opened } from '../app/stations.ts'
import { notAsked } from '../app/unopened.ts'
import type { Stations, Trace } from '../app/watching.ts'
import { readCookies } from '../http/cookies.ts'
import type { Standing } from '../once/standing.ts'
import type { Opening } from '../session/keeper.ts'
import type { SessionState } from '../session/state.ts'
import { cookiesSent, cookiesSet, type RowFound } from './describe-cookies.ts'
import { postedIn } from './describe-posted.ts'
import { partsOf } from './describe-session.ts'
import { endingOf, saysOf } from './describe-station.ts'
import type { CookieSeen, Exchange, SessionSeen, StationSeen, SubmissionSeen, Trip } from './exchange.ts'
import { Paper } from './paper.ts'
import { addressOf } from './secrets.ts'

/** What is known of an exchange besides its place among the others. */
export type Recorded = Omit<Exchange, 'number' | 'story'>

/** Most questions to stores that are remembered of one request. */
const mostTrips = 200

/** Takes down one request on its way. What it makes holds words and numbers alone. */
export class Recorder implements Trace {
  readonly #received: Received
  readonly #atMs = Date.now()
  readonly #begun = performance.now()
  readonly #stations: StationSeen[] = []
  readonly #trips: Trip[] = []
  #last = this.#begun
  readonly #paper = new Paper()
  #config: Config
  /** Those of the apps around the one that answers. */
  readonly #around = new Set<Config>()
  #opened: Pick<Opened, 'config' | 'live' | 'opening' | 'submission' | 'lack'> | null = null
  #standing: Standing['kind'] | null = null
  #before: SessionState | null = null
  #posted: Exchange['posted'] = null
  #error: string | null = null
  #isLeaving = false
  #isAnswered = false
  #isHandled = false
  #isOver = false
  /** Whether it is a request for the inspector itself, mounted in the app: nobody wants to see that. */
  isOfInspector = false

  /** `config` is that of the app that the request comes to first. */
  constructor(received: Received, config: Config) {
    this.#received = received
    this.#config = config
  }

  // It stands in the way of the request: what cannot be told is no reason to fail it.
  pass(name: keyof Stations, came: Stations[keyof Stations] | Reply): void {
    const isExit = came instanceof Reply
    this.#isAnswered ||= !isExit && 'reply' in came
    try {
      if (!isExit) this.#remember(came)
      this.#mark(name, saysOf(name, came, this.#standing), isExit)
    } catch (error) {
      this.#mark(name, this.#paper.write(`The inspector cannot tell: ${errorLine(error)}`), isExit)
    }
  }

  judge(opened: Opened, standing: Standing): void {
    this.#standing = standing.kind
    try {
      this.#remember(opened)
    } catch {
      // the station says so when it has done with it
    }
  }

  fail(error: unknown): void {
    this.#error = this.#paper.write(errorLine(error))
  }

  /** A store was asked. */
  tripped(trip: Trip): void {
    if (!this.#isOver && this.#trips.length < mostTrips) this.#trips.push(trip) // an app may ask on when all is answered
  }

  /** All of it, when the reply is there. */
  finish(reply: Reply): Recorded {
    if (!this.#isLeaving) this.#end(reply)
    this.#isOver = true
    const { request, url } = this.#received
    return {
      atMs: this.#atMs,
      method: this.#paper.write(request.method),
      address: this.#paper.write(addressOf(url)),
      status: reply.status,
      ...this.#target(reply, url),
      isPage: isShownAsPage(request, reply),
      isHandled: this.#isHandled,
      totalMs: performance.now() - this.#begun,
      stations: this.#stations,
      posted: this.#posted,
      submission: this.#submission(),
      session: this.#session(reply),
      sent: this.#sent(),
      set: cookiesSet(reply.values('set-cookie'), this.#config, this.#paper),
      trips: this.#trips,
      error: this.#error,
    }
  }

  #target(reply: Reply, url: URL): Pick<Exchange, 'location' | 'isExternal'> {
    const location = reply.header('location')
    if (location === undefined) return { location: null, isExternal: false }
    const to = URL.canParse(location, url.href) ? new URL(location, url.href) : null
    if (to === null) return { location: this.#paper.write(location), isExternal: false }
    const isExternal = to.origin !== url.origin
    const address = /^https?:$/.test(to.protocol) ? addressOf(to) + to.hash : to.pathname
    return { location: this.#paper.write(isExternal ? `${to.protocol}//${to.host}${address}` : address), isExternal }
  }

  // A request for an app that is mounted passes its stations inside of those of the one around it: the inner ones count.
  #remember(came: Stations[keyof Stations]): void {
    const { config } = came
    if (this.#around.has(config)) return
    if (this.#config !== config) this.#around.add(this.#config)
    this.#config = config
    if ('fields' in came) this.#posted ??= postedIn(came, this.#paper) // files go away with the request
    if ('context' in came) this.#isHandled = came.context.isHandled || came.target.kind === 'mount'
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

  #session(reply: Reply): SessionSeen {
    const where = this.#config.store?.name ?? 'cookie'
    const opened = this.#opened
    if (opened === null) return { where, id: null, user: null, parts: [], asked: 'no' }
    const { live, opening } = opened
    const isKept = live.touched && opening.isAvailable && reply.status < 500 // what fails changes nothing
    const after = isKept ? live.state : this.#before
    return {
      where,
      id: after?.family ?? this.#before?.family ?? null,
      user: after === null || after.user === null ? null : this.#paper.write(after.user),
      parts: partsOf(this.#before, after, this.#paper),
      asked: live.touched ? (opening.isAvailable || opening === notAsked ? 'yes' : 'in vain') : 'no',
    }
  }

  #sent(): readonly CookieSeen[] {
    const cookies = readCookies(this.#received.request.headers.get('cookie'))
    const config = this.#config
    return cookiesSent(cookies, config, { row: config.store === null ? null : this.#row(), paper: this.#paper })
  }

  #row(): RowFound {
    const opening = this.#opened?.opening ?? notAsked
    if (opening.isAvailable) return opening.there
    return opening === notAsked ? 'not asked' : 'away'
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

function errorLine(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : `Thrown: ${String(error)}`
  } catch {
    return 'Thrown: a value that cannot be shown'
  }
}
