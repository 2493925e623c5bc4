import { createInterface } from 'node:readline'
import { type AnyDewar, houseOf } from '../app/dewar.ts'
import { time } from '../clock/utc-time.ts'
import { cookieKinds } from '../session/cookie-name.ts'
import { type CookieParts, type CookieVerdict, judgeSealed, judgeStored } from '../session/judge-cookie.ts'
import { readSecretCookie } from '../session/secret-cookie.ts'
import type { SessionState } from '../session/state.ts'
import { valueInWords } from '../session/value-in-words.ts'
import { whyItIsClosed } from '../session/why-it-is-closed.ts'
import type { SessionRow } from '../store/store.ts'
import { columns } from './columns.ts'
import { type Command, file } from './command.ts'
import { plain, Refused } from './failure.ts'
import { loadApp } from './load-app.ts'
import { withStore } from './with-store.ts'

/** `dewar sessions show FILE COOKIE` */
export const sessionsShow: Command = {
  name: 'sessions show',
  does: 'Shows what the session cookie of a browser opens, or says why it opens nothing.',
  usages: ['FILE COOKIE'],
  operands: [
    file,
    {
      name: 'COOKIE',
      about: 'the value of the session cookie, with its name or without; - reads it from the standard input',
    },
  ],
  options: {},
  example: 'dewar sessions show app.ts AQ3J9cPd…',
  async run(given) {
    const name = given.operand('FILE')
    const cookie = withoutName(await cookieText(given.operand('COOKIE')))
    const app = await loadApp(name)
    return houseOf(app).config.store === null ? showSealed(name, app, cookie) : showStored(name, cookie)
  },
}

// What stands among the words of a command is seen by everybody on the machine while it runs.
async function cookieText(operand: string): Promise<string> {
  if (operand !== '-') return operand
  for await (const line of createInterface({ input: process.stdin })) return line.trim()
  return ''
}

function withoutName(text: string): string {
  const kind = cookieKinds.find(({ name }) => text.startsWith(`${name}=`))
  return text.slice(kind === undefined ? 0 : kind.name.length + 1)
}

function showSealed(file: string, app: AnyDewar, cookie: string): string {
  if (readSecretCookie(cookie) !== null) {
    throw new Refused(`The cookie is of a session that is kept in a store, and ${file} has none.`)
  }
  return told(file, judgeSealed(cookie, partsOf(app)), null)
}

async function showStored(file: string, cookie: string): Promise<string> {
  const named = readSecretCookie(cookie)
  if (named === null) {
    throw new Refused(
      `The cookie is of no session in a store: there it has two parts and a dot between, 55 characters.`,
    )
  }
  return withStore(file, async (store, app) => {
    const parts = partsOf(app)
    const { session: row } = await store.begin({ family: named.family, nowSeconds: parts.nowSeconds })
    return told(file, judgeStored(named, row, parts), row)
  })
}

function partsOf(app: AnyDewar): CookieParts {
  const { keyring, lifetime, schema, clock } = houseOf(app).config
  return { keyring, lifetime, schema, nowSeconds: Math.floor(clock.now() / 1000) }
}

function told(file: string, verdict: CookieVerdict, row: SessionRow | null): string {
  if (verdict.kind === 'closed') throw new Refused(whyItIsClosed(file, verdict))
  const { state, staleKeys } = verdict
  const stale = staleKeys.map((key) => `The schema of the session refuses ${plain(key)}, so a request does not see it.`)
  return [
    ...columns([...factsOf(state, verdict), ...(row === null ? [] : deviceOf(row))]),
    '',
    valueInWords(Object.fromEntries(state.data)),
    ...messagesOf(state),
    ...stale,
  ].join('\n')
}

type Fact = readonly [string, string]

function factsOf(
  { family, user, createdSeconds, seenSeconds }: SessionState,
  { ends, name }: Extract<CookieVerdict, { readonly kind: 'opens' }>,
): readonly Fact[] {
  return [
    ['id', family],
    ['user', user === null ? '-' : plain(user)],
    ['cookie', name === null ? 'its secret is the right one' : `sealed as ${name}`],
    ['first seen', at(createdSeconds)],
    ['last seen', at(seenSeconds)],
    [
      'ends',
      `${at(Math.min(ends.idleSeconds, ends.absoluteSeconds))} without another visit, ${at(ends.absoluteSeconds)} in any case`,
    ],
  ]
}

function deviceOf({ address, userAgent }: SessionRow): readonly Fact[] {
  return [
    ['address', plain(address) || '-'],
    ['browser', plain(userAgent) || '-'],
  ]
}

function messagesOf({ flashes }: SessionState): readonly string[] {
  return flashes.map(({ message, category, page }) => {
    const where = page === null ? 'for the next page' : `for ${plain(page)}`
    return `message ${valueInWords(message)} (${plain(category)}), ${where}`
  })
}

function at(seconds: number): string {
  return time(new Date(seconds * 1000))
}
