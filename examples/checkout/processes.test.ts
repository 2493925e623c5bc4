import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { browser } from 'dewar/testing'
import { writeMail } from './outbox.ts'

/** The shop in a process of its own. */
interface Started {
  readonly url: string
  /** Ends it by this signal. Gives its exit code, or `null` if the signal ended it. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

const folder = mkdtempSync(join(tmpdir(), 'checkout-'))
const file = join(folder, 'checkout.db')
const mailFile = join(folder, 'mail.jsonl')

function run(program: 'main.ts' | 'mailer.ts'): ChildProcessByStdio<null, Readable, null> {
  const names = { DATABASE_FILE: file, MAIL_FILE: mailFile, DEWAR_SECRET: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa' }
  return spawn(process.execPath, ['--conditions=dewar-source', join(import.meta.dirname, program)], {
    env: { ...process.env, PORT: '0', ...names },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function start(): Promise<Started> {
  const child = run('main.ts')
  const exited = once(child, 'exit')
  const [line] = await once(child.stdout, 'data')
  return {
    url: String(line).replace('listening on ', '').trim(),
    async stop(signal) {
      child.kill(signal)
      return (await exited)[0]
    },
  }
}

/** Which process is asked, and how many were asked with it. */
interface Try {
  readonly at: number
  readonly tries: number
}

/** Hands requests to processes by turns, and one that got no answer to the next, as a browser does. */
function across(...processes: readonly Started[]): { fetch(request: Request): Promise<Response> } {
  let turn = 0
  const ask = async (request: Request, body: string | null, { at, tries }: Try): Promise<Response> => {
    const { url } = processes[at % processes.length] ?? assert.fail('there is no process')
    const { method, headers } = request
    const target = request.url.replace('http://localhost', url)
    try {
      return await fetch(target, { method, headers, body, redirect: 'manual' })
    } catch (error) {
      if (tries === processes.length) throw error
      return ask(request, body, { at: at + 1, tries: tries + 1 })
    }
  }
  return {
    async fetch(request) {
      const body = request.method === 'GET' ? null : await request.text()
      return ask(request, body, { at: turn++, tries: 1 })
    },
  }
}

// /prints/moon  <form method="post" action="/prints/moon"><input type="hidden" name="_token" value="…">
//               <input type="number" name="count" value="1"><input name="name"><input type="email" name="email">
//               <button>Order</button></form>

describe('the shop in two processes on one file', () => {
  let [one, other]: Started[] = []
  let database: DatabaseSync

  before(async () => {
    ;[one, other] = await Promise.all([start(), start()])
    database = new DatabaseSync(file, { timeout: 1000 })
  })
  after(async () => {
    database.close()
    await Promise.all([one?.stop('SIGKILL'), other?.stop('SIGKILL')])
    rmSync(folder, { recursive: true })
  })

  const count = (what: string): number => Number(Object.values(database.prepare(`SELECT ${what}`).get() ?? {})[0])
  const mails = (): { id: string; to: string }[] => {
    const lines = existsSync(mailFile) ? readFileSync(mailFile, 'utf8').split('\n').slice(0, -1) : []
    return lines.map((line) => JSON.parse(line))
  }
  const until = async (isSo: () => boolean): Promise<void> => {
    const untilMs = Date.now() + 60_000
    while (!isSo() && Date.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 100))
  }

  it('sells its last five prints to five of twenty who click twice, at both, and each of the five gets one mail', async () => {
    assert.ok(one && other)
    const app = across(one, other)
    const forms = await Promise.all(Array.from({ length: 20 }, () => browser(app).open('/prints/moon')))
    const clicked = forms.map(async (page, who) => {
      page.fill({ name: `Visitor ${who}`, email: `visitor-${who}@example.org` })
      return Promise.all([page.submit('Order'), page.submit('Order')])
    })
    const pages = await Promise.all(clicked)
    const sold = pages.filter(([{ status }]) => status === 200)
    assert.deepEqual(new Set(pages.flatMap(([first, second]) => [first.status, second.status])), new Set([200, 422]))
    for (const [first, second] of pages) assert.equal(first.url, second.url)
    assert.deepEqual(
      sold.map(([{ url }]) => url).sort(),
      [1, 2, 3, 4, 5].map((number) => `/receipts/${number}`),
    )
    assert.deepEqual([count('count(*) FROM orders'), count("stock FROM products WHERE sku = 'moon'")], [5, 0])

    await until(() => count('count(*) FROM outbox WHERE sent_at IS NULL') === 0)
    const orderers = database.prepare('SELECT email FROM orders ORDER BY email').all()
    assert.deepEqual(
      mails()
        .map(({ to }) => to)
        .sort(),
      orderers.map(({ email }) => email),
    )
    assert.equal(new Set(mails().map(({ id }) => id)).size, 5)
  })

  it('loses no order and makes none twice when one of them is killed among twelve, and each has a mail', async () => {
    assert.ok(one && other)
    const app = across(one, other)
    const before = count('count(*) FROM orders')
    const forms = await Promise.all(Array.from({ length: 12 }, () => browser(app).open('/prints/fish')))
    const sent = forms.map(async (page, who) => {
      await new Promise((resolve) => setTimeout(resolve, who * 10))
      return page.fill({ name: 'Ada', email: `fish-${who}@example.org` }).submit('Order')
    })
    await new Promise((resolve) => setTimeout(resolve, 40))
    assert.equal(await other.stop('SIGKILL'), null)
    const pages = await Promise.all(sent)
    assert.equal(new Set(pages.map(({ url }) => url)).size, 12)
    assert.ok(pages.every(({ status, url }) => status === 200 && url.startsWith('/receipts/')))
    assert.deepEqual([count('count(*) FROM orders') - before, count("stock FROM products WHERE sku = 'fish'")], [12, 0])
    database.exec('UPDATE outbox SET taken_until = 0 WHERE sent_at IS NULL') // what the killed one was at: its minute is over
    await until(() => count('count(*) FROM outbox WHERE sent_at IS NULL') === 0)
    const ids = new Map(mails().map(({ id, to }) => [id, to]))
    const fish = [...ids.values()].filter((to) => to.startsWith('fish-')).sort()
    assert.deepEqual(fish, Array.from({ length: 12 }, (_, who) => `fish-${who}@example.org`).sort())
  })

  it('stops in good order when it is told to', async () => {
    assert.equal(await one?.stop('SIGTERM'), 0)
  })
  it('leaves its mails to a process of their own, which ends with 0 when it is told to', async () => {
    await other?.stop('SIGKILL') // both are gone
    writeMail(database, { to: 'late@example.org', subject: 'Your order', text: 'Thank you.' })
    const child = run('mailer.ts')
    const exited = once(child, 'exit')
    await until(() => mails().some(({ to }) => to === 'late@example.org'))
    child.kill('SIGTERM')
    assert.deepEqual(await exited, [0, null])
    assert.equal(count('count(*) FROM outbox WHERE sent_at IS NULL'), 0)
  })
})
