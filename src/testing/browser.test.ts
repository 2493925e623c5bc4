import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser } from './browser.ts'
import type { App } from './travel.ts'

type Answer = string | ((request: Request) => Response | Promise<Response>)

/** An app with one answer per path, or per method and path, that remembers what it was asked. */
function site(answers: Readonly<Record<string, Answer>>): App & { asked: Request[] } {
  const asked: Request[] = []
  const fetch = (request: Request): Response | Promise<Response> => {
    asked.push(request)
    const { pathname } = new URL(request.url)
    const answer =
      answers[`${request.method} ${pathname}`] ?? answers[pathname] ?? ((): Response => page('Not found', 404))
    return typeof answer === 'string' ? page(answer) : answer(request)
  }
  return { asked, fetch }
}

function page(html: string, status = 200): Response {
  return new Response(html, { status, headers: { 'Content-Type': 'text/html; charset=utf-8' } })
}

function redirect(location: string, status = 303): () => Response {
  return () => new Response(null, { status, headers: { Location: location } })
}

function lines(app: { asked: Request[] }): string[] {
  return app.asked.map((request) => `${request.method} ${new URL(request.url).pathname}`)
}

const guestbook =
  '<title>Guests</title><form method=post action=/sign><input name=who><button>Sign</button></form><a href=/about>About us</a>'

describe('a visit', () => {
  it('gives the page with its address, status, headers, title and text', async () => {
    const app = site({ '/hello': '<title> My  page </title><h1>Hello</h1><p>you &amp; me</p>' })
    const shown = await browser(app).open('/hello?a=1')
    assert.equal(shown.url, '/hello?a=1')
    assert.equal(shown.status, 200)
    assert.equal(shown.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(shown.title, 'My page')
    assert.equal(shown.text, 'Hello you & me')
    assert.match(shown.html, /<h1>Hello<\/h1>/)
  })

  it('shows an error page like any other', async () => {
    const shown = await browser(site({})).open('/nowhere')
    assert.equal(shown.status, 404)
    assert.equal(shown.text, 'Not found')
  })

  it('shows an answer that is not HTML as its text, markup and all', async () => {
    const shown = await browser(site({ '/': () => Response.json({ html: '<b>no</b>' }) })).open('/')
    assert.equal(shown.text, '{"html":"<b>no</b>"}')
  })

  it('goes where a link says', async () => {
    const visitor = browser(site({ '/': guestbook, '/about': 'About this book' }))
    const next = await (await visitor.open('/')).click('About us')
    assert.equal(next.url, '/about')
    assert.equal(next.text, 'About this book')
  })

  it('asks for nothing when a link points into the page itself', async () => {
    const app = site({ '/': '<a href="#below">Down</a><p id=below>Here</p>' })
    const shown = await browser(app).open('/')
    assert.equal(await shown.click('Down'), shown)
    assert.equal(app.asked.length, 1)
  })
})

describe('what a browser says of itself', () => {
  it('says nothing of where it comes from when the address is typed', async () => {
    const app = site({ '/': guestbook })
    await browser(app).open('/')
    const headers = app.asked[0]?.headers
    assert.match(headers?.get('accept') ?? '', /^text\/html,/)
    assert.equal(headers?.get('sec-fetch-site'), 'none')
    assert.equal(headers?.get('sec-fetch-mode'), 'navigate')
    assert.equal(headers?.get('sec-fetch-dest'), 'document')
    assert.equal(headers?.get('origin'), null)
    assert.equal(headers?.get('referer'), null)
  })

  it('names its own site and origin when a form is posted', async () => {
    const app = site({ '/': guestbook, '/sign': 'Signed' })
    const shown = await browser(app, { origin: 'https://book.example' }).open('/?page=2')
    await shown.fill({ who: 'Ada' }).submit('Sign')
    const posted = app.asked[1]
    assert.equal(posted?.url, 'https://book.example/sign')
    assert.equal(posted?.headers.get('sec-fetch-site'), 'same-origin')
    assert.equal(posted?.headers.get('origin'), 'https://book.example')
    assert.equal(posted?.headers.get('referer'), 'https://book.example/?page=2')
    assert.equal(posted?.headers.get('content-length'), '7')
  })

  it('brings the cookies of each answer to the next, those of redirects too', async () => {
    const set = (cookie: string, status: number): Response =>
      new Response(null, { status, headers: { 'Set-Cookie': cookie, Location: '/' } })
    const app = site({ '/in': () => set('visit=1; Secure; HttpOnly; Path=/', 302), '/': 'In' })
    const visitor = browser(app)
    await visitor.open('/in')
    assert.equal(app.asked[1]?.headers.get('cookie'), 'visit=1')
    assert.equal(visitor.cookies.get('visit')?.httpOnly, true)
    assert.deepEqual(visitor.cookies.names, ['visit'])
  })

  it('forgets cookies as its clock goes on', async () => {
    let now = Date.UTC(2030, 0)
    const app = site({ '/': () => new Response('', { headers: { 'Set-Cookie': 'short=1; Max-Age=60' } }) })
    const visitor = browser(app, { now: () => now })
    await visitor.open('/')
    assert.equal(visitor.cookies.get('short')?.value, '1')
    now += 60_000
    assert.equal(visitor.cookies.get('short'), undefined)
  })
})

describe('a page that says who may know of it', () => {
  it('is not named by a link with rel=noreferrer', async () => {
    const app = site({ '/': '<a href=/a rel="nofollow noreferrer">a</a><a href=/b>b</a>', '/a': 'A', '/b': 'B' })
    const shown = await browser(app).open('/')
    await shown.click('a')
    await shown.click('b')
    assert.equal(app.asked[1]?.headers.get('referer'), null)
    assert.equal(app.asked[2]?.headers.get('referer'), 'http://localhost/')
  })

  it('posts with the origin "null" under no-referrer, as browsers do', async () => {
    // <meta name=referrer content=no-referrer> breaks every check that compares Origin with the host.
    const app = site({ '/': `<meta name=referrer content=no-referrer>${guestbook}`, '/sign': 'Signed' })
    await (await browser(app).open('/')).submit('Sign')
    assert.equal(app.asked[1]?.headers.get('origin'), 'null')
    assert.equal(app.asked[1]?.headers.get('sec-fetch-site'), 'same-origin')
  })
})

describe('redirects', () => {
  it('are followed to the page they lead to', async () => {
    const app = site({ '/': guestbook, '/sign': redirect('/thanks?who=Ada'), '/thanks': 'Thank you' })
    const next = await (await browser(app).open('/')).fill({ who: 'Ada' }).submit('Sign')
    assert.equal(next.url, '/thanks?who=Ada')
    assert.equal(next.text, 'Thank you')
    assert.deepEqual(lines(app), ['GET /', 'POST /sign', 'GET /thanks'])
  })

  for (const status of [301, 302, 303]) {
    it(`become GET without a body after a POST answered ${status}`, async () => {
      const app = site({ '/': guestbook, '/sign': redirect('/next', status), '/next': 'Next' })
      await (await browser(app).open('/')).submit('Sign')
      assert.deepEqual(lines(app), ['GET /', 'POST /sign', 'GET /next'])
      assert.equal(app.asked[2]?.headers.get('content-type'), null)
      assert.equal(await app.asked[2]?.text(), '')
    })
  }

  for (const status of [307, 308]) {
    it(`repeat method and body after ${status}`, async () => {
      const app = site({ '/': guestbook, '/sign': redirect('/next', status), '/next': 'Next' })
      await (await browser(app).open('/')).fill({ who: 'Ada' }).submit('Sign')
      assert.deepEqual(lines(app), ['GET /', 'POST /sign', 'POST /next'])
      assert.equal(await app.asked[2]?.text(), 'who=Ada')
    })
  }

  it('keep the fragment of the address unless they bring their own', async () => {
    const app = site({ '/a': redirect('/b'), '/b': 'B', '/c': redirect('/b#there') })
    const visitor = browser(app)
    assert.equal((await visitor.open('/a#here')).url, '/b#here')
    assert.equal((await visitor.open('/c#here')).url, '/b#there')
  })

  it('end after twenty, with an error that names them', async () => {
    const app = site({ '/a': redirect('/b'), '/b': redirect('/a') })
    await assert.rejects(browser(app).open('/a'), /More than 20 redirects: \/a -> \/b -> \/a -> /)
    assert.equal(app.asked.length, 21)
  })

  it('to where nobody answers end at that address, not asked', async () => {
    const app = site({ '/': redirect('https://pay.example/checkout?id=7', 302) })
    const shown = await browser(app).open('/')
    assert.equal(shown.external, true)
    assert.equal(shown.url, 'https://pay.example/checkout?id=7')
    assert.equal(shown.status, 302)
    assert.equal(app.asked.length, 1)
  })
})

describe('history', () => {
  it('goes back to the page before, without asking, with what was typed in it', async () => {
    const app = site({ '/': guestbook, '/sign': redirect('/thanks'), '/thanks': 'Thank you' })
    const visitor = browser(app)
    await (await visitor.open('/')).fill({ who: 'Ada' }).submit('Sign')
    const before = await visitor.back()
    assert.equal(before.url, '/')
    assert.equal(before.value('who'), 'Ada')
    assert.equal(app.asked.length, 3)
  })

  it('has nothing before the first page', async () => {
    const visitor = browser(site({ '/': 'First' }))
    await assert.rejects(visitor.back(), /no page before this one: none was opened/)
    await visitor.open('/')
    await assert.rejects(visitor.back(), /no page before this one: 200 \//)
  })

  it('holds one page after the form when its button is clicked twice', async () => {
    // <form method=post action=/sign>...<button>Sign</button></form>
    const app = site({ '/': guestbook, '/sign': redirect('/thanks'), '/thanks': 'Thank you' })
    const visitor = browser(app)
    const form = await visitor.open('/')
    const [first, second] = await Promise.all([form.submit('Sign'), form.submit('Sign')])
    assert.equal(lines(app).filter((line) => line === 'POST /sign').length, 2)
    assert.equal(first.url, second.url)
    assert.equal(await visitor.back(), form)
  })

  it('has no place for an answer without content, nor for a download', async () => {
    const file = (): Response =>
      new Response('a,b', { headers: { 'Content-Disposition': 'attachment; filename=a.csv' } })
    const app = site({ '/': guestbook, '/sign': () => new Response(null, { status: 204 }), '/about': file })
    const visitor = browser(app)
    const form = await visitor.open('/')
    assert.equal((await form.submit('Sign')).status, 204)
    assert.equal((await form.click('About us')).text, 'a,b')
    await visitor.open('/')
    assert.equal(await visitor.back(), form)
  })
})

describe('reload', () => {
  it('asks for the page again and forgets what was typed', async () => {
    const app = site({ '/': guestbook })
    const visitor = browser(app)
    const shown = await visitor.open('/')
    shown.fill({ who: 'Ada' })
    const again = await visitor.reload()
    assert.equal(again.value('who'), '')
    assert.deepEqual(lines(app), ['GET /', 'GET /'])
    assert.equal(app.asked[0]?.headers.get('cache-control'), null)
    assert.equal(app.asked[1]?.headers.get('cache-control'), 'max-age=0')
  })

  it('posts a page again that came from a POST', async () => {
    const app = site({ '/': guestbook, '/sign': () => page('Who?', 422) })
    const visitor = browser(app)
    await (await visitor.open('/')).fill({ who: 'Ada' }).submit('Sign')
    const again = await visitor.reload()
    assert.equal(again.status, 422)
    assert.deepEqual(lines(app), ['GET /', 'POST /sign', 'POST /sign'])
    assert.equal(await app.asked[2]?.text(), 'who=Ada')
  })

  it('asks for the last address only, when redirects led to it', async () => {
    const app = site({ '/': guestbook, '/sign': redirect('/thanks'), '/thanks': 'Thank you' })
    const visitor = browser(app)
    await (await visitor.open('/')).submit('Sign')
    await visitor.reload()
    assert.deepEqual(lines(app).slice(2), ['GET /thanks', 'GET /thanks'])
    assert.equal((await visitor.back()).url, '/')
  })
})

describe('elsewhere', () => {
  const trap =
    '<form method=post action="https://app.example/pay"><input type=hidden name=to value=eve><button>Win</button></form>'

  it('posts to the app as another site would: no lax cookie, its own origin', async () => {
    const login = (): Response => new Response('', { headers: { 'Set-Cookie': 'session=1; SameSite=Lax' } })
    const app = site({ '/login': login, '/pay': 'Paid' })
    const visitor = browser(app, {
      origin: 'https://app.example',
      elsewhere: { 'https://evil.example': site({ '/': trap }) },
    })
    await visitor.open('/login')
    await (await visitor.open('https://evil.example/')).submit('Win')
    const headers = app.asked[1]?.headers
    assert.equal(headers?.get('sec-fetch-site'), 'cross-site')
    assert.equal(headers?.get('origin'), 'https://evil.example')
    assert.equal(headers?.get('cookie'), null)
  })

  it('is followed to and back again', async () => {
    const bank = site({ '/confirm': redirect('http://localhost/done', 302) })
    const visitor = browser(site({ '/': redirect('https://bank.example/confirm'), '/done': 'Done' }), {
      elsewhere: { 'https://bank.example': bank },
    })
    const shown = await visitor.open('/')
    assert.equal(shown.url, '/done')
    assert.equal(shown.external, false)
    assert.equal(bank.asked[0]?.headers.get('sec-fetch-site'), 'none')
  })

  it('cannot be opened when nobody answers there', async () => {
    await assert.rejects(browser(site({})).open('http://localhost:3000/'), /nobody answers at http:\/\/localhost:3000/)
  })
})
