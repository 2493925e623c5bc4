import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type ServerProcess, startServer } from '../loop/server-process.ts'
import { escapeHtml, thankYouPage } from '../servers/page.ts'
import { ask } from './ask.ts'
import { visitorOf } from './content.ts'
import type { Known } from './files.ts'

/** A server that is up, was checked, and whose visitors are known. */
export interface Contender {
  /** What it is called in the tables. */
  readonly name: string
  readonly server: ServerProcess
  readonly visitorsFile: string
}

/** A server on a file with sessions; the sealed one has none, its visitors begin anew. */
export interface Candidate {
  readonly name: string
  readonly kind: 'floor' | 'sqlite' | 'sealed'
  readonly file: string
  readonly known: readonly Known[]
}

interface Visitor {
  readonly cookie: string
  readonly number: number
}

const firstPort = 4650

/** Starts and checks the servers. Rejects, naming it, if one does not do all that is measured. */
export async function gather(candidates: readonly Candidate[], folder: string): Promise<readonly Contender[]> {
  const ready: Contender[] = []
  for (const [at, candidate] of candidates.entries()) {
    const port = firstPort + at
    const server = await startServer(`sessions-${candidate.kind}`, port, { SESSIONS_FILE: candidate.file })
    const [odd, ...others] = await visitorsOf(candidate, port)
    const wrong = odd === undefined ? 'it has no visitors' : await whatIsWrong(candidate, port, [odd, ...others])
    if (wrong !== undefined) throw new Error(`${candidate.name}: ${wrong}`)
    const visitorsFile = `${folder}/${candidate.name}.tsv`
    writeFileSync(visitorsFile, others.map(({ cookie, number }) => `${cookie}\t${nameOf(number)}\n`).join(''))
    ready.push({ name: candidate.name, server, visitorsFile })
  }
  return ready
}

async function visitorsOf({ kind, known }: Candidate, port: number): Promise<readonly Visitor[]> {
  if (kind === 'floor') return known.map(({ number, family }) => ({ number, cookie: `session=${family}` }))
  if (kind === 'sqlite')
    return known.map(({ number, family, secret }) => ({ number, cookie: `session=${family}.${secret}` }))
  const visitors: Visitor[] = []
  for (const { number } of known) {
    const { setCookie } = await ask(port, 'POST', `/begin/${number}`)
    visitors.push({ number, cookie: setCookie?.split(';', 1)[0] ?? '' })
  }
  return visitors
}

function nameOf(number: number): string {
  return escapeHtml(visitorOf(number).username)
}

/** Asks by hand and says what is wrong with a server, or `undefined` when it does all that is measured. */
async function whatIsWrong(
  candidate: Candidate,
  port: number,
  visitors: readonly Visitor[],
): Promise<string | undefined> {
  for (const { cookie, number } of visitors.slice(0, 20)) {
    const { status, body } = await ask(port, 'GET', '/thankyou', cookie)
    if (status !== 200) return `GET /thankyou answers ${status}`
    if (!isPageOf(body, number)) return `the page of visitor ${number} is wrong: ${body.slice(0, 200)}`
  }
  const { body } = await ask(port, 'GET', '/thankyou', forged(visitors[0]?.cookie ?? ''))
  if (body !== thankYouPage('stranger')) return `a forged cookie opens: ${body.slice(0, 200)}`
  return candidate.kind === 'sqlite' ? notWritten(candidate, port, visitors) : undefined
}

// Quotes need no escaping in the text of an element, and some do it all the same.
function isPageOf(body: string, number: number): boolean {
  const pages = [nameOf(number), nameOf(number).replaceAll('&quot;', '"')].map(thankYouPage)
  return pages.includes(body)
}

// Not the last letter of base64url: some of its bits may count for nothing.
function forged(cookie: string): string {
  const letter = cookie.at(-2) === 'A' ? 'B' : 'A'
  return `${cookie.slice(0, -2)}${letter}${cookie.at(-1)}`
}

async function notWritten(
  { file, known }: Candidate,
  port: number,
  visitors: readonly Visitor[],
): Promise<string | undefined> {
  const family = known[0]?.family ?? ''
  const before = kept(file, family)
  const { status } = await ask(port, 'POST', '/visit', visitors[0]?.cookie)
  if (status !== 303) return `POST /visit answers ${status}`
  const after = kept(file, family)
  const isWritten = after.version === before.version + 1 && after.visits === before.visits + 1
  return isWritten ? undefined : 'POST /visit did not write the session'
}

function kept(file: string, family: string): { readonly version: number; readonly visits: number } {
  const database = new DatabaseSync(file, { readOnly: true })
  const row = database.prepare('SELECT version, content FROM dewar_sessions WHERE family = ?').get(family)
  database.close()
  return { version: Number(row?.version), visits: Number(JSON.parse(String(row?.content))[1].visits) }
}
