import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { houseOf } from '../../src/app/dewar.ts'
import { Dewar, html } from '../../src/index.ts'
import { inspectorInFront } from '../../src/inspector/inspector.ts'
import { type Server, serve } from '../../src/node.ts'
import { sqlite } from '../../src/sqlite.ts'
import { browser } from '../../src/testing.ts'
import { openShop } from './shop.ts'

const running: Server[] = []
after(() => Promise.all(running.map((server) => server.stop())))

describe('the pages of the inspector', () => {
  it('take no message, change no session and set no cookie', async () => {
    const { visitor, base, url } = await openShop()
    await (await visitor.open('/guest')).fill({ username: 'Ada' }).submit('Enter')
    const cookie = `session=${visitor.cookies.get('session')?.value}`
    for (const path of [
      '',
      '/events',
      '/exchanges/1',
      '/routes',
      '/sessions',
      '/sessions?user=ada',
      '/inspector.css',
    ]) {
      const answer = await fetch(url + base + path, { headers: { cookie } })
      await answer.body?.cancel()
      assert.deepEqual([answer.status, answer.headers.getSetCookie()], [200, []], path)
    }
  })

  it('list the routes with their forms', async () => {
    const { author, base } = await openShop()
    const { text } = await author.open(`${base}/routes`)
    assert.match(
      text,
      /POST \/guest username: text, password: text, pin: text, note: text in one transaction \(tx\) no/,
    )
    assert.match(text, /POST \/page – no, each time no/)
    assert.match(text, /ANY \/_dewar\/\*\* mounts an app/)
  })

  it('show the session of the browser that looks at them, and leave it as it is', async () => {
    const { visitor, base } = await openShop()
    assert.match((await visitor.open(`${base}/sessions`)).text, /This browser has no session with the app/)
    const page = await visitor.open('/guest')
    assert.match(
      (await visitor.open(`${base}/sessions`)).text,
      /it was given to a visitor with a form, for whom nothing has been kept yet/,
    )
    await page.fill({ username: 'Ada' }).submit('Enter')
    const { text } = await visitor.open(`${base}/sessions`)
    assert.match(text, /Sessions of this app lie in its store \(sqlite\): 1 is kept now\./)
    assert.match(text, /Its cookie is session, 55 characters\..*Signed in as nobody.*username "Ada"/)
    assert.match(text, /Seen lately.*[\w-]{22} – 1 \d\d:\d\d:\d\d/)
  })

  it('list the sessions of a user, and end one', async () => {
    const { url, author, base, app } = await openShop()
    const post = { method: 'POST', redirect: 'manual', headers: { 'user-agent': 'Kettle/1' } } as const
    for (let device = 0; device < 2; device++) await fetch(`${url}/sign-in/ada`, post)
    const page = await (await author.open(`${base}/sessions`)).fill({ user: 'ada' }).submit('List sessions')
    assert.equal(page.text.match(/Kettle\/1/g)?.length, 2)
    const [first] = await app.sessions.list('ada')
    const after = await page.submit(`End session ${first?.id}`)
    assert.equal(after.url, `${base}/sessions?user=ada`)
    assert.equal(after.text.match(/Kettle\/1/g)?.length, 1)
    assert.deepEqual(
      (await app.sessions.list('ada')).map(({ id }) => id === first?.id),
      [false],
    )
    assert.match((await author.open(`${base}/sessions?user=nobody`)).text, /nobody has no sessions\./)
  })

  it('say that the store is away', async (t) => {
    t.mock.method(console, 'error', () => {})
    const database = new DatabaseSync(':memory:')
    const app = new Dewar({ store: sqlite(database), env: 'development', secret: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa' })
    app.get('/', ({ session }) => html`<p>${session.size}</p>`)
    const { watching } = houseOf(app).config
    assert.ok(watching)
    watching.watcher = inspectorInFront(app)
    const server = await serve(app, { port: 0, quiet: true, stopOnSignals: false })
    running.push(server)
    database.close()
    const headers = { cookie: `session=${'a'.repeat(22)}.${'b'.repeat(32)}` }
    assert.equal((await fetch(server.url, { headers })).status, 503)
    const author = browser(server.url)
    assert.match((await author.open('/_dewar/sessions')).text, /The store cannot be asked\./)
    assert.match(
      (await author.open('/_dewar/exchanges/1')).text,
      /Opened The store of the sessions could not be asked\..*nobody knows what it holds\..*begin [\d.]+ ms failed/,
    )
  })

  it('stand where they are mounted, and do not show themselves', async () => {
    const { author, base } = await openShop({ base: '/tools/loop' })
    const { html: page } = await author.open('/tools/loop')
    assert.match(page, /href="\/tools\/loop\/inspector\.css"/)
    assert.match(page, /href="\/tools\/loop\/routes"/)
    for (const path of ['/routes', '/sessions', '']) await author.open(base + path)
    assert.match((await author.open(base)).text, /Nothing has happened yet\./)
  })

  it('stand in front of the middleware of the app for dewar dev', async () => {
    const app = new Dewar({ env: 'development', secret: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa' })
    app.use(() => new Response('Log in first', { status: 401 }))
    const { watching } = houseOf(app).config
    assert.ok(watching)
    watching.watcher = inspectorInFront(app)
    const server = await serve(app, { port: 0, quiet: true, stopOnSignals: false })
    running.push(server)
    assert.equal((await fetch(server.url)).status, 401)
    assert.equal((await fetch(`${server.url}/_dewar`)).status, 200)
    assert.equal((await fetch(`${server.url}/_dewarf`)).status, 401)
    const { text } = await browser(server.url).open('/_dewar')
    assert.match(text, /GET \/_dewarf 401 .*GET \/ 401 /)
  })

  it('tell of stories as they happen, and of those that somebody has missed', async () => {
    const { url, base } = await openShop()
    await fetch(`${url}/text?n=1`)
    const stream = await fetch(`${url}${base}/events`)
    assert.equal(stream.headers.get('content-type'), 'text/event-stream')
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    let told = ''
    const until = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(told)) {
        const { value, done } = (await reader?.read()) ?? { value: '', done: true }
        if (done) assert.fail(`${pattern} is not in ${told}`)
        told += value
      }
    }
    await until(/event: run\ndata: (\w+)\n\n[\s\S]*n=1[\s\S]*\n\n/)
    await fetch(`${url}/text?n=2`)
    await until(/n=2[\s\S]*\n\n/)
    await reader?.cancel()
    const last = /id: (\S+)\n(?![\s\S]*id: )/.exec(told)?.[1] ?? ''
    await fetch(`${url}/text?n=3`)
    const missed = await firstOf(`${url}${base}/events`, { 'last-event-id': last })
    assert.deepEqual([/n=2/.test(missed), /n=3/.test(missed)], [false, true])
    const anew = await firstOf(`${url}${base}/events`, { 'last-event-id': 'another.9' })
    assert.match(anew, /n=1[\s\S]*n=3/)
  })
})

// What comes within a moment.
async function firstOf(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const leaving = new AbortController()
  const { body } = await fetch(url, { headers, signal: leaving.signal })
  setTimeout(() => leaving.abort(), 300)
  let text = ''
  try {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk
  } catch {
    // left
  }
  return text
}
