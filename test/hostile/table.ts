import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Started, startApp } from '../conformance/started.ts'
import { exchange, type Manners, type Outcome } from './exchange.ts'
import { end, field, fields, file, multipart } from './requests.ts'
import { assertUnharmed, eventually, statisticsOf } from './unharmed.ts'

/** What a hostile client may have got before, by honest means. */
export interface Loot {
  /** A session cookie that opens, as `session=…`. */
  readonly cookie: string
  /** The path of a file that was uploaded: 20 bytes of text. */
  readonly download: string
}

/** One hostile input: a fact, the bytes, the statuses that may come back (0 for none), and what the answer says. */
export interface Row extends Manners {
  readonly fact: string
  readonly bytes: string | ((loot: Loot) => string)
  readonly statuses: readonly number[]
  readonly says?: RegExp
  /** What must not be in the answer. */
  readonly keepsBack?: RegExp
  /** Judges what came back by more than its text. */
  readonly judge?: (outcome: Outcome) => void
}

/** A row. */
export function row(
  fact: string,
  bytes: Row['bytes'],
  statuses: number | readonly number[],
  besides: Omit<Row, 'fact' | 'bytes' | 'statuses'> = {},
): Row {
  return { fact, bytes, statuses: typeof statuses === 'number' ? [statuses] : statuses, ...besides }
}

/**
 * Sends the bytes of every row to the conformance app, and looks after each whether the app is the same process, has
 * done nothing, keeps nothing, and still answers at once.
 */
export function table(subject: string, rows: readonly Row[]): void {
  describe(subject, () => {
    for (const { fact, bytes, statuses, says, keepsBack, judge, ...manners } of rows) {
      it(fact, async () => {
        const { app, loot } = await running()
        const outcome = await exchange(app.port, typeof bytes === 'string' ? bytes : bytes(loot), manners)
        const [status = 0] = outcome.statuses
        assert.ok(statuses.includes(status), `${status}: ${shorten(outcome.text)}`)
        if (says !== undefined) assert.match(outcome.text, says)
        if (keepsBack !== undefined) assert.doesNotMatch(outcome.text, keepsBack)
        judge?.(outcome)
        assertHarmless(outcome)
        await assertUnharmed(app)
      })
    }

    it('leaves no descriptor open', async () => {
      const { app, descriptors } = await running()
      await eventually(async () => assert.ok(((await statisticsOf(app)).fds ?? 0) <= descriptors + 2))
    })
  })
}

interface Running {
  readonly app: Started
  readonly loot: Loot
  /** How many descriptors were open at first. */
  readonly descriptors: number
}

// One app for all tables of a file.
let started: Promise<Running> | null = null

function running(): Promise<Running> {
  started ??= start()
  return started
}

async function start(): Promise<Running> {
  const app = await startApp()
  const loot = await lootOf(app.port)
  return { app, loot, descriptors: (await statisticsOf(app)).fds ?? 0 }
}

before(async () => {
  await running()
})
after(async () => {
  const { app } = await running()
  assert.equal(await app.stop(), 0)
})

// No answer is a failure (501 and 505 say that a method, a coding or a version is unknown), comes from behind the guard,
// leads out of the app, or shows what is nobody's business.
function assertHarmless({ statuses, text }: Outcome): void {
  assert.ok(
    statuses.every((status) => status < 500 || status === 501 || status === 505),
    `${statuses}: ${shorten(text)}`,
  )
  assert.doesNotMatch(text, /\r\n\r\ninside|secret-xyz|root:x:0|DEWAR_SECRET|^ {4}at /m)
  assert.doesNotMatch(text, /^access-control-allow-|^location: (?!\/(?![/\\]))/im)
}

async function lootOf(port: number): Promise<Loot> {
  const kept = await exchange(port, fields('/put', 'k=loot&v=1'))
  const upload = field('note', 'x') + file('file', 'loot.txt', 'twenty bytes of text') + end
  const sent = await exchange(port, multipart('/upload', upload))
  const cookie = /^set-cookie: (session=[^;]+)/im.exec(kept.text)?.[1]
  const download = /^location: (\/download\/[0-9a-f-]+)/im.exec(sent.text)?.[1]
  assert.ok(cookie !== undefined && download !== undefined, shorten(kept.text + sent.text))
  return { cookie, download }
}

function shorten(text: string): string {
  return JSON.stringify(text.length <= 600 ? text : `${text.slice(0, 600)}…`)
}
