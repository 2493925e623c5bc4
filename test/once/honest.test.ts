import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { Dewar, html, memory, redirect, type Store } from 'dewar'
import { sqlite } from 'dewar/sqlite'

// <form method="post" action="/pay"><input type="hidden" name="_token" value="…"><input name="amount"><button>Pay</button></form>
const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

/** What a browser has of a form. */
interface Shown {
  readonly cookie: string
  readonly token: string
}

type App = { readonly fetch: (request: Request) => Promise<Response> }

async function show(app: App): Promise<Shown> {
  const answer = await app.fetch(new Request('http://127.0.0.1/form'))
  const token = /name="_token" value="([^"]+)"/.exec(await answer.text())?.[1] ?? ''
  return { token, cookie: cookieOf(answer) ?? '' }
}

function cookieOf(answer: Response): string | undefined {
  return answer.headers.getSetCookie()[0]?.split(';')[0]
}

function post(app: App, path: string, { token, cookie }: Shown, amount = '5'): Promise<Response> {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  const body = new URLSearchParams({ _token: token, amount })
  return app.fetch(new Request(`http://127.0.0.1${path}`, { method: 'POST', headers, body }))
}

describe('who has submitted a form', () => {
  it('and signed out since is not told that nothing was done when it is sent again', async () => {
    const app = new Dewar({ secret, env: 'production', store: memory() })
    app.get('/form', ({ hidden }) => html`<form method="post" action="/pay">${hidden('/pay')}</form>`)
    const pay = ({ session }: { session: { set(key: string, value: unknown): void } }) => {
      session.set('paid', true)
      return redirect('/paid')
    }
    app.post('/pay', pay, { once: true })
    app.post('/logout', ({ session }) => {
      session.logout()
      return redirect('/')
    })
    const shown = await show(app)
    const paid = await post(app, '/pay', shown)
    const cookie = cookieOf(paid) ?? ''
    assert.equal((await post(app, '/logout', { ...shown, cookie })).status, 303)
    const again = await post(app, '/pay', { ...shown, cookie })
    const text = await again.text()
    assert.equal(again.status, 422)
    assert.doesNotMatch(text, /othing was done/)
    assert.match(text, /We cannot tell whether this was done/)
  })
})

describe('the page that waits for a submission', () => {
  for (const changed of ['confirm', 'accept'] as const) {
    it(`with ${changed} says that it is at work while it is, and nothing to somebody else`, async (test) => {
      const store = memory()
      const held = Promise.withResolvers<void>()
      const [app, other] = [appAt(store, changed, held.promise), appAt(store, changed, held.promise)]
      const shown = await show(app)
      const first = post(app, '/pay', shown)
      const sentOn = await afterWaiting(test, () => post(other, '/pay', shown))
      const address = sentOn.headers.get('location') ?? ''
      assert.match(address, /^\/_dewar\/submission/)
      const pageFor = async (cookie: string): Promise<string> => {
        return (await other.fetch(new Request(`http://127.0.0.1${address}`, { headers: { cookie } }))).text()
      }
      assert.match(await pageFor(shown.cookie), /Still working/)
      for (const cookie of ['', (await show(app)).cookie]) {
        const page = await pageFor(cookie)
        assert.match(page, /We cannot tell whether this was done/)
        assert.doesNotMatch(page, /othing was done/)
      }
      held.resolve()
      assert.equal((await first).headers.get('location'), '/paid')
      const ofFamily = `${shown.cookie.split('.')[0]}.${'a'.repeat(32)}`
      assert.match(await pageFor(ofFamily), /We cannot tell whether this was done/)
    })
  }
})

function appAt(store: Store, changed: 'confirm' | 'accept', held: Promise<void>): App {
  const app = new Dewar({ secret, env: 'production', store })
  app.get('/form', ({ hidden }) => html`<form method="post" action="/pay">${hidden('/pay')}</form>`)
  app.post('/pay', () => held.then(() => redirect('/paid')), { once: { changed } })
  return app
}

/** What is answered when ten seconds have passed. */
async function afterWaiting(test: TestContext, ask: () => Promise<Response>): Promise<Response> {
  test.mock.timers.enable({ apis: ['setTimeout'] })
  let answer: Response | undefined
  ask().then((given) => {
    answer = given
  })
  while (answer === undefined) {
    await new Promise((resolve) => setImmediate(resolve))
    test.mock.timers.tick(200)
  }
  test.mock.timers.reset()
  return answer
}

describe('a transaction of a visitor whose session was begun meanwhile', () => {
  it('is done in that session', async () => {
    const app = new Dewar({ secret, env: 'production', store: sqlite(':memory:') })
    const effects: number[] = []
    let meanwhile = async (): Promise<unknown> => null
    app.get('/form', ({ hidden }) => html`<form method="post" action="/pay">${hidden('/pay')}</form>`)
    app.get('/kept', ({ session }) => session.all())
    app.post('/append', ({ session }) => {
      session.push('items', 1)
      return redirect('/')
    })
    app.post(
      '/pay',
      async ({ session, commit }) => {
        await meanwhile()
        return commit((tx) => {
          tx.exec('CREATE TABLE IF NOT EXISTS effects (number INTEGER)')
          tx.exec('INSERT INTO effects VALUES (1)')
          effects.push(tx.prepare('SELECT * FROM effects').all().length)
          session.push('receipts', 1)
          return redirect('/paid')
        })
      },
      { once: true },
    )
    const shown = await show(app)
    let cookie = ''
    meanwhile = async () => {
      cookie = cookieOf(await post(app, '/append', shown)) ?? ''
    }
    assert.equal((await post(app, '/pay', shown)).status, 303)
    assert.deepEqual(effects, [1])
    const kept = await app.fetch(new Request('http://127.0.0.1/kept', { headers: { cookie } }))
    assert.deepEqual(await kept.json(), { items: [1], receipts: [1] })
  })
})
