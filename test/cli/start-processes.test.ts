import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { Desk, type Started } from './dewar.ts'
import { type Answer, ask, cookieAfter, type Line, linesTo, shop, tokenIn } from './shop.ts'

// /order  <form method="post" action="/order"><input type="hidden" name="_token" value="…">
//         <input name="what" required><button>Send</button></form>

describe('dewar start --workers 2 on one SQLite file', () => {
  const desk = new Desk()
  let started: Started
  let [one, other]: [Line?, Line?] = []
  before(async () => {
    desk.write('shop.ts', shop)
    started = await desk.start(['shop.ts', '--workers', '2'])
    ;[one, other] = await linesTo(started.url)
  })
  after(() => {
    for (const each of [one, other]) each?.line.destroy()
    desk.remove()
  })

  const ordersOf = (what: string): number => {
    const database = new DatabaseSync(join(desk.folder, 'shop.db'), { readOnly: true, timeout: 5000 })
    const { count } = database.prepare('SELECT count(*) AS count FROM orders WHERE what = ?').get(what) ?? {}
    database.close()
    return Number(count)
  }

  it('says once where it listens, and with how many', () => {
    const lines = started.log().filter(({ event }) => event === 'listening')
    assert.deepEqual(
      lines.map(({ level, url, workers }) => ({ level, url, workers })),
      [{ level: 'info', url: started.url, workers: 2 }],
    )
    assert.match(started.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  })

  it('turns the loop through both: the form of one, sent to the other, leads to a page of the first with the message', async () => {
    assert.ok(one && other)
    const page = await ask(`${started.url}/order`, { line: one.line })
    const cookie = cookieAfter(page)
    const fields = { _token: tokenIn(page), what: 'a lamp' }
    const sent = await ask(`${started.url}/order`, { line: other.line, fields, cookie })
    assert.equal(sent.status, 303)
    const known = { cookie: cookieAfter(sent, cookie) }
    const target = `${started.url}${sent.headers.location}`
    const thanks = await ask(target, { ...known, line: one.line })
    const again = await ask(target, { ...known, line: other.line })
    assert.deepEqual([page.by, sent.by, thanks.by, again.by], [one.by, other.by, one.by, other.by])
    assert.deepEqual([thanks.text, again.text], ['<p>Thank you for a lamp</p>', '<p></p>'])
    assert.deepEqual(JSON.parse((await ask(`${started.url}/session`, known)).text), { orders: ['a lamp'] })
  })

  it('does once what is sent to both at the same time, and both answer the same', async () => {
    assert.ok(one && other)
    for (let times = 0; times < 10; times++) {
      const page = await ask(`${started.url}/order`, { line: one.line })
      const what = `a chair ${times}`
      const sending = { fields: { _token: tokenIn(page), what }, cookie: cookieAfter(page) }
      const lines = [one.line, other.line, one.line, other.line]
      const answers: Answer[] = await Promise.all(
        lines.map((line) => ask(`${started.url}/order`, { ...sending, line })),
      )
      assert.deepEqual(new Set(answers.map(({ by }) => by)), new Set([one.by, other.by]))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
      assert.equal(new Set(answers.map(({ headers }) => headers.location)).size, 1)
      assert.equal(ordersOf(what), 1)
    }
  })

  it('keeps everything that parallel requests to both put into one session', async () => {
    assert.ok(one && other)
    const cookie = cookieAfter(await ask(`${started.url}/look/first`))
    const [line, elsewhere] = [one.line, other.line]
    const looked = Array.from({ length: 40 }, async (_, at) => {
      const { by } = await ask(`${started.url}/look/${at}`, { cookie, line: at % 2 === 0 ? line : elsewhere })
      return by
    })
    assert.deepEqual(new Set(await Promise.all(looked)), new Set([one.by, other.by]))
    const { seen } = JSON.parse((await ask(`${started.url}/session`, { cookie })).text)
    const all = ['first', ...Array.from({ length: 40 }, (_, at) => `${at}`)]
    assert.deepEqual(seen.toSorted(), all.toSorted())
  })

  it('stops all by one SIGTERM', async () => {
    started.process.kill('SIGTERM')
    const { code, out } = await started.ended
    assert.deepEqual([code, out], [0, ''])
    assert.deepEqual(
      started.log().map(({ event }) => event),
      ['listening', 'stopping', 'stopped'],
    )
    for (const each of [one, other]) assert.throws(() => process.kill(each?.by ?? 0, 0), /ESRCH/)
  })
})
