import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AnyDewar, enter, houseOf } from '../../src/app/dewar.ts'
import { type Reply, send } from '../../src/app/reply.ts'
import type { Watcher } from '../../src/app/watching.ts'
import { type Front, frontAround } from '../../src/cli/dev-front.ts'
import { bodyOf } from '../../src/http/body.ts'
import { Dewar, HttpError, html, raw, redirect } from '../../src/index.ts'
import { loggedBy } from '../http/served.ts'
import { secret } from './dewar.ts'

const through: Watcher = { watch: (received, go) => go(received) }
const page = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-dest': 'document' }
const tag = /<script src="\/_dewar\/reload\.js" data-run="first" data-method="(\w+)" defer><\/script>/

interface Stage {
  readonly app: Dewar
  readonly front: Front
  readonly lines: string[]
  ask(path: string, init?: RequestInit): Promise<Response>
}

function stage(): Stage {
  const app = new Dewar({ secret, env: 'development' })
  const lines: string[] = []
  const terminal = { write: (line: string) => lines.push(line) > 0 }
  const front = frontAround(through, { run: 'first', terminal })
  watchBy(app, front.watcher)
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    let answer = new Response()
    await loggedBy(async () => {
      answer = await app.fetch(new Request(`http://localhost${path}`, init))
    })
    return answer
  }
  return { app, front, lines, ask }
}

function watchBy(app: AnyDewar, watcher: Watcher): void {
  const { watching } = houseOf(app).config
  assert.ok(watching)
  watching.watcher = watcher
}

async function textFor(app: AnyDewar, path: string, { near, host }: { near: boolean; host: string }): Promise<string> {
  const request = new Request(`http://${host}${path}`, { headers: page })
  let reply: Reply | undefined
  await loggedBy(async () => {
    const at = { base: '', near: () => near, address: () => null }
    reply = await enter(app, { request, url: new URL(request.url), body: bodyOf(request), ...at })
  })
  assert.ok(reply)
  return `${reply.status} ${await send(reply, 'GET').text()}`
}

describe('the script that loads a page again', () => {
  it('stands at the end of a whole page, with the method that it answers', async () => {
    const { app, ask } = stage()
    app.get('/', () => html`<!doctype html><title>Tea</title><body><p>tea</p></body></html>`)
    app.post('/', () => html`<!doctype html><p>sent</p>`)
    const answer = await ask('/')
    const text = await answer.text()
    assert.match(text, new RegExp(`<p>tea</p>${tag.source}\n</body></html>$`))
    assert.equal(tag.exec(text)?.[1], 'GET')
    const headers = { ...page, 'sec-fetch-site': 'same-origin' }
    assert.equal(tag.exec(await (await ask('/', { method: 'POST', headers })).text())?.[1], 'POST')
  })

  const ends: readonly (readonly [string, string, string])[] = [
    ['behind letters that are longer in lower case', '<p>İİİİİİİİ</p>', '</body></html>'],
    ['before comments behind the body', '<p>tea</p>', '</BODY >\n<!-- one --><!-- </html> two -->\n</html>\n'],
    ['outside a script that has the end of a body', '<p>tea</p><script>const end = "</body>"</script>', ''],
    ['outside such a script behind the body', '<p>tea</p></body><script>const end = "</body></html>"</script>', ''],
    ['outside a comment that has the end of a body', '<p>tea</p></body></html><!-- </body> -->', ''],
  ]
  for (const [where, before, after] of ends) {
    it(`stands ${where}`, async () => {
      const { app, ask } = stage()
      const whole = `<!doctype html><title>Tea</title><body>${before}`
      app.get('/', () => raw(`${whole}${after}`))
      const text = await (await ask('/')).text()
      assert.equal(text.replace(tag, 'TAG'), `${whole}TAG\n${after}`)
    })
  }

  it('stands in a piece of a page where a browser shows it, and in nothing that a script asks for', async () => {
    const { app, ask } = stage()
    app.get('/piece', () => html`<p>tea</p>`)
    app.get('/whole', () => html`<!doctype html><p>tea</p>`)
    assert.match(await (await ask('/piece', { headers: page })).text(), tag)
    assert.doesNotMatch(await (await ask('/piece')).text(), tag)
    assert.doesNotMatch(await (await ask('/whole', { headers: { 'sec-fetch-dest': 'empty' } })).text(), tag)
  })

  it('stands in no answer that is no page', async () => {
    const { app, ask } = stage()
    app.get('/text', () => '<!doctype html>')
    app.get('/json', () => ({ page: '</body>' }))
    app.get('/away', () => redirect('/'))
    for (const path of ['/text', '/json', '/away']) assert.doesNotMatch(await (await ask(path)).text(), /_dewar/)
  })

  it('stands in a page that says 404, and in one that failed', async () => {
    const { app, ask } = stage()
    app.get('/throws', () => {
      throw new Error('it broke')
    })
    for (const path of ['/none', '/throws']) {
      assert.match(await (await ask(path, { headers: page })).text(), tag)
      assert.match(await (await ask(path)).text(), tag)
    }
  })

  it('leaves the length, the ETag and 304 right', async () => {
    const { app, ask } = stage()
    app.get('/', () => html`<!doctype html><title>Käse</title>`)
    const first = await ask('/')
    const etag = first.headers.get('etag') ?? ''
    const text = await first.text()
    assert.match(etag, /^W\/"/)
    const again = await ask('/', { headers: { 'if-none-match': etag } })
    assert.deepEqual([again.status, await again.text(), again.headers.get('etag')], [304, '', etag])
    const head = await ask('/', { method: 'HEAD' })
    assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(text)))
    assert.deepEqual([head.headers.get('etag'), await head.text()], [etag, ''])
    const plain = new Dewar({ secret })
    plain.get('/', () => html`<!doctype html><title>Käse</title>`)
    assert.notEqual((await plain.fetch(new Request('http://localhost/'))).headers.get('etag'), etag)
  })

  const policies: readonly (readonly [string, boolean])[] = [
    ["frame-ancestors 'self'", true],
    ["default-src 'self'", true],
    ["script-src 'self'; connect-src 'self'", true],
    ["script-src 'NONE'", false],
    ["script-src 'nonce-abc'", false],
    ["script-src 'self' 'strict-dynamic' 'nonce-abc'", false],
    ["script-src-elem 'none'; script-src 'self'", false],
    ["script-src 'self'; connect-src https://api.example", false],
    ["default-src 'none'", false],
    ["img-src *, script-src 'none'", false],
    ['sandbox', false],
  ]
  for (const [policy, isThere] of policies) {
    it(`${isThere ? 'stands' : 'is left out'} where the policy is: ${policy}`, async () => {
      const { app, ask } = stage()
      app.use(async (_given, next) => {
        const answer = await next()
        answer.headers.set('content-security-policy', policy)
        return answer
      })
      app.get('/', () => html`<!doctype html><title>Tea</title>`)
      assert.equal(tag.test(await (await ask('/')).text()), isThere)
    })
  }
})

describe('what dewar dev answers itself', () => {
  it('is a script, and a stream that says what is served, and what is served next', async () => {
    const { front, ask } = stage()
    const script = await ask('/_dewar/reload.js')
    assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8')
    new Function(await script.text()) // it is one
    const stream = await ask('/_dewar/reload')
    assert.equal(stream.headers.get('content-type'), 'text/event-stream')
    front.refresh('second')
    front.end()
    assert.equal(await stream.text(), 'retry: 100\ndata: first\n\ndata: second\n\n')
    assert.equal(await (await ask('/_dewar/reload')).text(), 'retry: 100\ndata: second\n\n')
  })

  it('is not there for another method, another machine, or a name that is not of this one', async () => {
    const { app, ask } = stage()
    app.get('/', () => html`<!doctype html><title>Tea</title>`)
    app.get('/throws', () => {
      throw new Error('it broke')
    })
    const strangers = [
      { near: false, host: 'localhost' },
      { near: true, host: 'tea.example' },
    ]
    for (const stranger of strangers) {
      for (const path of ['/_dewar/reload', '/_dewar/reload.js'])
        assert.match(await textFor(app, path, stranger), /^404 /)
      assert.doesNotMatch(await textFor(app, '/', stranger), /_dewar/)
      assert.doesNotMatch(await textFor(app, '/throws', stranger), /_dewar|it broke|dev-front/)
    }
    assert.match(await textFor(app, '/throws', { near: true, host: 'localhost' }), /_dewar[\s\S]*/)
    assert.notEqual((await ask('/_dewar/reload', { method: 'POST' })).status, 200)
  })

  it('ends a stream of events of the app, and cancels what it comes from', async () => {
    const { app, front, ask } = stage()
    let isCancelled = false
    const source = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
      new ReadableStream({
        start: (to) => to.enqueue(new TextEncoder().encode('data: 1\n\n')),
        cancel: () => {
          isCancelled = true
        },
      })
    app.get('/events', () => new Response(source(), { headers: { 'content-type': 'text/event-stream' } }))
    const answer = await ask('/events')
    setTimeout(() => front.end(), 20)
    assert.equal(await answer.text(), 'data: 1\n\n')
    assert.ok(isCancelled)
  })
})

// Spelled so that no line of this file has it: the pages below show some.
const hidden = ['secret', 'of', 'ada'].join('-')

describe('an error page in development', () => {
  const throwing = async (thrown: unknown, headers: Record<string, string> = page): Promise<Response> => {
    const { app, ask } = stage()
    app.get('/', () => {
      throw thrown
    })
    return ask('/', { headers: { ...headers, cookie: `session=${hidden}`, authorization: hidden } })
  }

  it('shows the lines of source, and keeps the status and the headers', async () => {
    const answer = await throwing(new Error('it broke'))
    const text = await answer.text()
    assert.deepEqual([answer.status, answer.headers.get('cache-control')], [500, 'no-store'])
    assert.equal(answer.headers.get('content-security-policy'), "frame-ancestors 'self'")
    assert.match(text, /it broke/)
    assert.match(text, /dev-front\.test\.ts/)
    assert.match(text, /shj-numbers/)
    assert.ok(!text.includes(hidden))
  })

  it('says that values of the session are frozen where one was changed in place', async () => {
    const { app, ask } = stage()
    app.get('/', ({ session }) => {
      session.set('seen', ['tea'])
      const seen = session.get('seen') as string[]
      seen.push('cup')
      return 'done'
    })
    const text = await (await ask('/', { headers: page })).text()
    assert.match(text, /shj-numbers/)
    assert.match(text, /object is not extensible\. If this is a value of the session: such values are frozen/)
  })

  it('is the short one for a client that asks for no HTML, and JSON for one that wants that', async () => {
    assert.doesNotMatch(await (await throwing(new Error('it broke'), {})).text(), /shj-/)
    const json = await throwing(new Error('it broke'), { accept: 'application/json' })
    assert.equal((await json.json()).status, 500)
  })

  it('shows nothing of what hangs on an error but its name, its message and where it came through', async () => {
    const error = Object.assign(
      new Error('it broke', { cause: Object.assign(new Error('below'), { token: hidden }) }),
      {
        config: { headers: { authorization: hidden } },
        hint: `<img src=x onerror=${hidden}>`,
      },
    )
    const text = await (await throwing(error)).text()
    assert.match(text, /below/)
    assert.ok(!text.includes(hidden))
  })

  const throwsWhenSeen = new Proxy(new Error('x'), {
    get: () => {
      throw new Error('do not look')
    },
  })
  const stackOfStranger = new Error(`first\n    at passwords (${import.meta.filename}:1:1)`)
  const hostile: readonly (readonly [string, unknown, RegExp])[] = [
    ['a text', 'just a text', /just a text/],
    ['nothing', undefined, /undefined/],
    ['an object without a prototype', Object.create(null), /cannot be shown/],
    ['an error that throws when it is looked at', throwsWhenSeen, /500/],
    ['a message of a megabyte', new Error('x'.repeat(1_000_000)), /cut: 1000000/],
    ['a message of HTML', new Error('<script>alert(1)</script><!-- SCRIPTS -->'), /&lt;script&gt;alert/],
    ['a message that looks like a stack', stackOfStranger, /passwords/],
    ['an error that is its own cause', Object.assign(new Error('round'), { cause: null }), /round/],
  ]
  for (const [what, thrown, shown] of hostile) {
    it(`bears ${what}`, async () => {
      if (what.includes('own cause') && thrown instanceof Error) thrown.cause = thrown
      const answer = await throwing(thrown)
      const text = await answer.text()
      assert.equal(answer.status, 500)
      assert.match(text, shown)
      assert.doesNotMatch(text, /<script>alert|title="passwords"/)
      assert.ok(text.length < 300_000, `${text.length}`)
    })
  }

  it('is not made of an answer of the app, nor of an error that is no fault', async () => {
    const { app, ask } = stage()
    app.get('/gone', () => {
      throw new HttpError(410, 'It is gone.')
    })
    app.get('/own', () => html`<!doctype html><title>own</title>`)
    assert.doesNotMatch(await (await ask('/gone', { headers: page })).text(), /shj-/)
    assert.doesNotMatch(await (await ask('/own', { headers: page })).text(), /shj-/)
  })
})

describe('the log of requests', () => {
  it('has a line for each, and none for what dewar dev answers itself', async () => {
    const { app, ask, lines } = stage()
    app.get('/orders/:id', () => 'tea')
    app.post('/orders/new', () => redirect('/orders/7?token=hidden'))
    await ask('/orders/7?token=hidden')
    await ask('/orders/new', { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } })
    await ask('/_dewar/reload.js')
    await (await ask('/_dewar/reload')).body?.cancel()
    assert.equal(lines.length, 2)
    assert.match(lines[0] ?? '', /^\d\d:\d\d:\d\d GET \/orders\/7 200 [\d.]+ ms\n$/)
    assert.match(lines[1] ?? '', /^\d\d:\d\d:\d\d POST \/orders\/new 303 → \/orders\/7 [\d.]+ ms\n$/)
  })

  it('has the status that the browser gets for a page that it has already', async () => {
    const { app, ask, lines } = stage()
    app.get('/', () => html`<!doctype html><title>Tea</title>`)
    const etag = (await ask('/')).headers.get('etag') ?? ''
    assert.equal((await ask('/', { headers: { 'if-none-match': etag } })).status, 304)
    assert.match(lines[1] ?? '', / GET \/ 304 /)
  })

  it('escapes what would move the cursor of a terminal, and cuts what is long', async () => {
    const { ask, lines } = stage()
    await ask(`/%1b[2J\u202e${'x'.repeat(5000)}`)
    const [line = ''] = lines
    assert.ok(line.length < 1200)
    assert.ok(!/\p{Cc}|\p{Cf}/u.test(line.slice(0, -1)), line)
  })
})
