import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Browser, browser, type Page } from 'dewar/testing'
import { hashPassword } from './passwords.ts'
import { addUser } from './users.ts'

process.env.DATABASE_FILE = ':memory:' // before the app opens its own
const { default: app, database } = await import('./app.ts')

// /sign-up  <form method="post" action="/sign-up"><input type="hidden" name="_token" value="…">
//           <input name="name" required><input type="password" name="password" minlength="12"><button>Sign up</button></form>
// /login    <form method="post" action="/login?next=…"><input type="hidden" name="_token" value="…">
//           <input name="name" required><input type="password" name="password"><button>Log in</button></form>

const password = 'correct horse battery'

beforeEach(async () => {
  await app.sessions.count() // the first to ask makes the tables
  database.exec('DELETE FROM users; DELETE FROM dewar_sessions')
})

const cheap = { doublings: 4, blockSize: 8, rounds: 1 } // who waits for nothing but tests needs no slow hash

/** Somebody who has signed up before, in a browser of their own, logged in. */
async function join(name: string): Promise<Browser> {
  addUser(database, name, await hashPassword(password, cheap))
  return logIn(name)
}

async function logIn(name: string, visitor: Browser = browser(app)): Promise<Browser> {
  const page = await visitor.open('/login')
  assert.equal((await page.fill({ name, password }).submit('Log in')).url, '/members')
  return visitor
}

async function isIn(visitor: Browser): Promise<boolean> {
  return (await visitor.open('/members')).url === '/members'
}

/** The session cookie of a visitor. */
function cookieOf({ cookies }: Browser): string {
  return cookies.get('session')?.value ?? assert.fail('no cookie')
}

/** What somebody is answered who has got hold of a cookie. */
async function withCookie(cookie: string, path = '/members'): Promise<Response> {
  return app.fetch(new Request(`http://localhost${path}`, { headers: { cookie: `session=${cookie}` } }))
}

async function devicesOf(visitor: Browser): Promise<Page> {
  return visitor.open('/members/devices')
}

function users(): unknown[] {
  return database
    .prepare('SELECT name FROM users ORDER BY name')
    .all()
    .map(({ name }) => name)
}

describe('signing up', () => {
  it('leads to the members’ page, logged in, and keeps a hash of the password and the password nowhere', async () => {
    const visitor = browser(app)
    const page = await visitor.open('/sign-up')
    const welcome = await page.fill({ name: ' Ada ', password }).submit('Sign up')
    assert.equal(welcome.url, '/members')
    assert.match(welcome.text, /Welcome, Ada\. Good to see you, Ada\./)
    const [row] = database.prepare('SELECT * FROM users').all()
    assert.match(String(row?.password), /^scrypt:15:8:3:[\w-]{22}:[\w-]{43}$/)
    for (const table of ['users', 'dewar_sessions', 'dewar_once']) {
      assert.doesNotMatch(JSON.stringify(database.prepare(`SELECT * FROM ${table}`).all()), /correct horse/)
    }
  })

  it('makes one user and one session when its button is clicked twice', async () => {
    const visitor = browser(app)
    const page = await visitor.open('/sign-up')
    page.fill({ name: 'Ada', password })
    const [first, second] = await Promise.all([page.submit('Sign up'), page.submit('Sign up')])
    assert.deepEqual([first.url, second.url], ['/members', '/members'])
    assert.match(second.text, /Good to see you, Ada\./)
    assert.deepEqual([users(), await app.sessions.count()], [['Ada'], 1])
  })

  it('with a name that somebody has shows the name again, and logs nobody in', async () => {
    await join('Ada')
    const visitor = browser(app)
    const page = await visitor.open('/sign-up')
    const again = await page.fill({ name: 'ADA', password: 'another long password' }).submit('Sign up')
    assert.equal(again.status, 422)
    assert.match(again.text, /Somebody has this name already\./)
    assert.equal(again.value('name'), 'ADA')
    assert.deepEqual([users(), await isIn(visitor)], [['Ada'], false])
    assert.equal((await again.fill({ name: 'Ada2', password }).submit('Sign up')).url, '/members')
  })

  it('with a short password shows the name again and never the password', async () => {
    const page = await browser(app).open('/sign-up')
    const again = await page.fill({ name: 'Ada', password: 'short-secret' }).fill({ password: 'tiny-secret' }).submit()
    assert.equal(again.status, 422)
    assert.match(again.text, /At least 12 characters, please\./)
    assert.equal(again.value('name'), 'Ada')
    assert.doesNotMatch(again.html, /tiny-secret/)
    assert.deepEqual(users(), [])
  })
})

describe('logging in', () => {
  it('leads to the page that was asked for, query and all', async () => {
    await join('Ada')
    const visitor = browser(app)
    const page = await visitor.open('/members?room=library')
    assert.equal(page.url, '/login?next=%2Fmembers%3Froom%3Dlibrary')
    const wrong = await page.fill({ name: 'Ada', password: 'wrong' }).submit('Log in')
    const inside = await wrong.fill({ password }).submit('Log in')
    assert.equal(inside.url, '/members?room=library')
    assert.match(inside.text, /You are in the library\./)
  })

  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '']) {
    it(`leads to the members’ page where next is ${JSON.stringify(next)}`, async () => {
      await join('Ada')
      const page = await browser(app).open(`/login?${new URLSearchParams({ next })}`)
      assert.equal((await page.fill({ name: 'Ada', password }).submit('Log in')).url, '/members')
    })
  }

  it('with a wrong password shows the name again and never the password', async () => {
    await join('Ada')
    const visitor = browser(app)
    const page = await visitor.open('/login')
    const again = await page.fill({ name: 'Ada', password: 'wrong-secret' }).submit('Log in')
    assert.equal(again.status, 422)
    assert.match(again.text, /This name and this password do not belong together\./)
    assert.equal(again.value('name'), 'Ada')
    assert.equal(again.value('password'), '')
    assert.doesNotMatch(again.html, /wrong-secret/)
    assert.equal(await isIn(visitor), false)
  })

  it('says the same of a name that nobody has', async () => {
    await join('Ada')
    const page = await browser(app).open('/login')
    const wrong = await page.fill({ name: 'Ada', password: 'wrong' }).submit('Log in')
    const nobody = await (await browser(app).open('/login')).fill({ name: 'Eve', password: 'wrong' }).submit('Log in')
    assert.deepEqual([nobody.status, nobody.text], [wrong.status, wrong.text])
  })

  it('twice by a double click is one session, and both clicks lead inside', async () => {
    await join('Ada')
    const visitor = browser(app)
    const page = await visitor.open('/login')
    page.fill({ name: 'ada', password })
    const [first, second] = await Promise.all([page.submit('Log in'), page.submit('Log in')])
    assert.deepEqual([first.url, second.url], ['/members', '/members'])
    assert.match((await visitor.reload()).text, /Good to see you, Ada\./)
    assert.equal((await app.sessions.list('Ada')).length, 2) // of another browser, and this one
  })

  it('makes what was in the cookie before open nothing: who has planted it stays outside', async () => {
    await join('Ada')
    const visitor = browser(app)
    await visitor.open('/login') // gives a cookie that has no session yet
    const planted = cookieOf(visitor)
    await logIn('Ada', visitor)
    assert.notEqual(cookieOf(visitor), planted)
    assert.equal((await withCookie(planted)).status, 303)
    await (await visitor.open('/members')).submit('Log out') // leaves a session with a message in it
    const message = cookieOf(visitor)
    await logIn('Ada', visitor)
    assert.equal((await withCookie(message)).status, 303)
    assert.equal((await withCookie(cookieOf(visitor))).status, 200)
  })
})

describe('the devices', () => {
  it('are those of their user, and one of them can be ended: it is outside from its next click on', async () => {
    const laptop = await join('Ada')
    const phone = await logIn('Ada')
    await join('Bob')
    const page = await devicesOf(laptop)
    assert.equal(page.html.match(/<li>/g)?.length, 2)
    assert.equal(page.html.match(/this one/g)?.length, 1)
    const after = await page.submit('End this device')
    assert.equal(after.url, '/members/devices')
    assert.match(after.text, /That device is logged out\./)
    assert.equal(after.html.match(/<li>/g)?.length, 1)
    assert.deepEqual([await isIn(phone), await isIn(laptop)], [false, true])
  })

  it('of somebody else can be ended by nobody', async () => {
    const ada = await join('Ada')
    const bob = await join('Bob')
    const [device] = await app.sessions.list('Bob')
    await logIn('Ada')
    const page = await devicesOf(ada)
    const action = /action="(\/members\/devices\/[^"]+)"/.exec(page.html)?.[1] ?? assert.fail(page.html)
    const cookie = `session=${cookieOf(ada)}`
    const answer = await app.fetch(
      new Request(`http://localhost${action.replace(/[^/]+(?=\/end)/, device?.id ?? '')}`, {
        method: 'POST',
        headers: { cookie, 'sec-fetch-site': 'same-origin' },
      }),
    )
    assert.equal(answer.status, 404)
    assert.equal(await isIn(bob), true)
  })

  it('of a member are shown to nobody who is outside', async () => {
    assert.equal((await browser(app).open('/members/devices')).url, '/login?next=%2Fmembers%2Fdevices')
  })

  it('show what a browser calls itself as text', async () => {
    const visitor = await join('Ada')
    database.exec(`UPDATE dewar_sessions SET user_agent = '<script>alert(1)</script>'`)
    const { html } = await devicesOf(visitor)
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/)
  })
})

describe('logging out', () => {
  it('everywhere ends it in both browsers, says so, and leaves others inside', async () => {
    const laptop = await join('Ada')
    const phone = await logIn('Ada')
    const bob = await join('Bob')
    const cookies = [laptop, phone].map(cookieOf)
    const page = await (await devicesOf(laptop)).submit('Log out everywhere')
    assert.equal(page.url, '/')
    assert.match(page.text, /You are logged out everywhere\./)
    assert.deepEqual([await isIn(laptop), await isIn(phone), await isIn(bob)], [false, false, true])
    for (const cookie of cookies) assert.equal((await withCookie(cookie)).status, 303)
    assert.deepEqual(await app.sessions.list('Ada'), [])
  })

  it('in one browser leaves the other inside', async () => {
    const laptop = await join('Ada')
    const phone = await logIn('Ada')
    const page = await (await laptop.open('/members')).submit('Log out')
    assert.match(page.text, /You are logged out\./)
    assert.deepEqual([await isIn(laptop), await isIn(phone)], [false, true])
  })

  it('from a page of an ended session leads to the login, and back in', async () => {
    const laptop = await join('Ada')
    const phone = await logIn('Ada')
    const old = await devicesOf(phone)
    await (await devicesOf(laptop)).submit('Log out everywhere')
    const login = await old.submit('Log out everywhere')
    assert.equal(login.url, '/login?next=%2Fmembers')
    assert.equal((await login.fill({ name: 'Ada', password }).submit('Log in')).url, '/members')
  })
})
