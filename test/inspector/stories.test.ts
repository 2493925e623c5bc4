import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, it } from 'node:test'
import { html, redirect } from '../../src/index.ts'
import { inspector } from '../../src/inspector.ts'
import { browser } from '../../src/testing.ts'
import { openExchange, openShop } from './shop.ts'

describe('the inspector', () => {
  it('joins a POST and the page that its redirect led to, and says what that is good for', async () => {
    const { visitor, author, base } = await openShop()
    const page = await visitor.open('/guest')
    await page.fill({ username: 'Ada' }).submit('Enter')
    const { text } = await author.open(base)
    assert.match(text, /POST \/guest 303 See Other GET \/welcome\?of=guest 200/)
    assert.match(text, /so reloading that page sends nothing again/)
    assert.match(text, /GET \/guest 200[\s\S]*GET asks and changes nothing/)
  })

  it('shows how each station judged and how long it took', async () => {
    const shop = await openShop()
    await (await shop.visitor.open('/guest')).fill({ username: 'Ada' }).submit('Enter')
    const text = await openExchange(shop, 'POST /guest')
    for (const fact of [
      /Routed POST \/guest, which takes a form\. .*?\d ms/,
      /Admitted It comes from a page of ours: Sec-Fetch-Site is same-origin\. .*?\d ms/,
      /Guarded This route has no guard\./,
      /Submitted Read 5 fields\./,
      /Proven The token of its form says which submission this is/,
      /Opened The visitor has met a form, and has no session yet\. It is the first of its kind\./,
      /Answered The handler answered 303\./,
      /Committed What was done to the session is kept, and only now the answer leaves\. The session cookie is sent\. It leaves here\./,
    ])
      assert.match(text.replace(/\s+/g, ' '), fact)
  })

  it('shows what was posted, but neither passwords nor the token', async () => {
    const shop = await openShop()
    const page = await shop.visitor.open('/guest')
    const token = page.value('_token')
    await page.fill({ username: 'Ada', password: 'hush-hush-1', pin: '98-76', note: 'tea' }).submit('Enter')
    await shop.visitor.open('/text?password=hush-hush-2&q=kettle')
    const text = await openExchange(shop, 'POST /guest')
    assert.match(text, /username\s+Ada\s+text/)
    assert.match(text, /password\s+••••••\s+secret/)
    assert.match(text, /pin\s+••••••\s+secret/)
    assert.match(text, /_token\s+the token of the form\s+secret/)
    const all = [text, (await shop.author.open(shop.base)).html, await openExchange(shop, 'GET /text')].join()
    assert.match(all, /q=kettle/)
    for (const hidden of ['hush-hush', '98-76', String(token)]) assert.equal(all.includes(hidden), false, hidden)
  })

  it('shows the session before and after, and what is in the cookies', async () => {
    const shop = await openShop()
    const first = await shop.visitor.open('/guest')
    await first.fill({ username: 'Ada' }).submit('Enter')
    await (await shop.visitor.open('/guest')).fill({ username: 'Grace' }).submit('Enter')
    const text = (await openExchange(shop, 'POST /guest')).replace(/\s+/g, ' ')
    assert.match(text, /username "Ada" "Grace" changed/)
    assert.match(text, /message – "Come in" \(message\), for \/welcome\?of=guest added/)
    assert.match(text, /session came [\w-]{8}… opens session [\w-]{22}, 55 characters/)
    const after = (await openExchange(shop, 'GET /welcome')).replace(/\s+/g, ' ')
    assert.match(after, /username "Grace" "Grace" same/)
    assert.match(after, /message "Come in" \(message\), for \/welcome\?of=guest – removed/)
  })

  it('opens sealed cookies too, and shows none of them whole', async () => {
    const shop = await openShop({ sealed: true })
    await (await shop.visitor.open('/guest')).fill({ username: 'Ada' }).submit('Enter')
    const text = (await openExchange(shop, 'GET /welcome')).replace(/\s+/g, ' ')
    assert.match(text, /username "Ada" "Ada" same/)
    assert.match(text, /session came [\w-]{8}… the session itself, sealed, \d+ characters/)
    assert.match(text, /Sessions of this app lie in cookies: there is no store to ask\./)
    const cookie = shop.visitor.cookies.get('session')?.value ?? ''
    assert.ok(cookie.length > 50)
    assert.equal(text.includes(cookie), false)
  })

  it('tells a repeat from the first', async () => {
    const shop = await openShop()
    await (await shop.visitor.open('/guest')).fill({ username: 'Ada' }).doubleClick('Enter')
    const { text } = await shop.author.open(shop.base)
    assert.match(text, /the first of its form/)
    assert.match(text, /a repeat: not done again/)
    assert.match(text, /the first answer was given once more/)
    const repeat = (await openExchange(shop, 'POST /guest')).replace(/\s+/g, ' ')
    assert.match(
      repeat,
      /This was done before: the first answer is given again, and nothing is done\. It leaves here\./,
    )
  })

  it('says where a request left that was refused, and that it was not read', async () => {
    const shop = await openShop()
    const post = { method: 'POST', body: new URLSearchParams({ username: 'Eve' }) }
    await fetch(`${shop.url}/guest`, { ...post, headers: { 'sec-fetch-site': 'cross-site' } })
    await fetch(`${shop.url}/text`, post)
    await fetch(`${shop.url}/nowhere`, post)
    assert.match(
      await openExchange(shop, 'POST /guest 403'),
      /it comes from elsewhere: 403\. Not a byte of the body was read\./,
    )
    assert.match(await openExchange(shop, 'POST /text 405'), /not for this method: 405, Allow GET, HEAD/)
    assert.match(await openExchange(shop, 'POST /nowhere 404'), /No route answers this: 404\./)
  })

  it('says that a form is shown again with what was typed', async () => {
    const shop = await openShop()
    await (await shop.visitor.open('/guest')).fill({ username: ' ', note: 'tea' }).submit('Enter')
    assert.match((await shop.author.open(shop.base)).text, /POST \/guest 422 Not Valid[\s\S]*Nothing was done\./)
    assert.match(
      await openExchange(shop, 'POST /guest'),
      /What was typed is not valid: the form is shown again with it\./,
    )
  })

  it('warns of a POST that is answered with a page, and not of one that a program sent', async () => {
    const shop = await openShop()
    await (await shop.visitor.open('/ask')).submit('Ask')
    assert.match((await shop.author.open(shop.base)).text, /POST \/page 200[\s\S]*asked whether to send the form again/)
    await fetch(`${shop.url}/json`, { method: 'POST' })
    assert.match(
      (await shop.author.open(shop.base)).text,
      /POST \/json 200 [\d:]+ · [\d.]+ ms It was done, and whoever sent it/,
    )
  })

  it('warns of a POST of a browser that is answered with JSON, which it shows as a page', async () => {
    const shop = await openShop()
    const headers = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' }
    await new Promise((answered) => request(`${shop.url}/json`, { method: 'POST', headers }, answered).end())
    assert.match((await shop.author.open(shop.base)).text, /POST \/json 200[\s\S]*asked whether to send the form again/)
  })

  it('tells what is kept of what was refused, and that what fails is not', async (t) => {
    t.mock.method(console, 'error', () => {})
    const shop = await openShop()
    const lessonOf = async (path: string, method: string): Promise<string> => {
      await fetch(shop.url + path, { method, redirect: 'manual' })
      const { text } = await shop.author.open(shop.base)
      return text.slice(text.indexOf('Forget all'), text.indexOf('Forget all') + 300)
    }
    assert.match(await lessonOf('/taken', 'POST'), /409 .*It was refused, and the session is as it was\./)
    assert.match(
      await lessonOf('/refused', 'POST'),
      /403 .*session \+ tries It was refused, and what it did to the session is kept/,
    )
    assert.match(await lessonOf('/walled', 'POST'), /303 .*It was led elsewhere before its handler ran/)
    assert.match(await lessonOf('/away', 'POST'), /303 .*led the browser to another site/)
    assert.match(await lessonOf('/fails', 'GET'), /GET \/fails 500 Failed [\d:]+ · [\d.]+ ms · Error: half way/)
    assert.match(await openExchange(shop, 'GET /fails'), /It held nothing, before and after\./)
    assert.match(await lessonOf('/nowhere', 'POST'), /No route takes this, so nothing was done\./)
  })

  it('says why a request from elsewhere was let in', async () => {
    const shop = await openShop()
    const from = (path: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(shop.url + path, { method: 'POST', redirect: 'manual', headers })
    await from('/hook', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })
    assert.match(await openExchange(shop, 'POST /hook'), /The app has said that requests for this path are not judged/)
    await from('/json', { 'sec-fetch-site': 'cross-site', origin: 'https://friend.example' })
    assert.match(await openExchange(shop, 'POST /json'), /The app trusts pages of https:\/\/friend\.example\./)
    await from('/json', { 'sec-fetch-site': 'none' })
    assert.match(await openExchange(shop, 'POST /json'), /No page sent it: somebody typed its address\./)
    await fetch(`${shop.url}/text`, { method: 'OPTIONS', headers: { cookie: 'theme=dark; auth_token=hush-hush-8' } })
    const options = await openExchange(shop, 'OPTIONS /text')
    assert.match(options, /Asked what it may be asked by: GET, HEAD/)
    assert.match(options, /theme came dark .*auth_token came hush-hus…/)
  })

  it('hides what its name calls a secret, wherever it stands', async () => {
    const shop = await openShop()
    const body = new URLSearchParams({ api_key: 'hush-hush-1', otp: 'hush-hush-2', country: 'Kenya' })
    await fetch(`${shop.url}/json?access_token=hush-hush-3`, { method: 'POST', body })
    await fetch(`${shop.url}/away`, { method: 'POST', redirect: 'manual' })
    await fetch(`${shop.url}/keep`, { method: 'POST', redirect: 'manual' })
    const pages = [
      (await shop.author.open(shop.base)).html,
      await openExchange(shop, 'POST /json'),
      await openExchange(shop, 'POST /away'),
      await openExchange(shop, 'POST /keep'),
    ].join()
    assert.doesNotMatch(pages, /hush-hush/)
    assert.match(pages, /country Kenya text/)
    assert.match(pages, /resetCode – \(secret\) added/)
    assert.match(pages, /name: "Ada", password: "••••••"/)
  })

  it('does not take a page that was fetched ahead for one that somebody was led to', async () => {
    const shop = await openShop()
    await fetch(`${shop.url}/sign-in/ada`, { method: 'POST', redirect: 'manual' })
    await fetch(`${shop.url}/devices`, { headers: { 'sec-purpose': 'prefetch' } })
    assert.match((await shop.author.open(shop.base)).text, /POST \/sign-in\/ada 303 See Other \d\d:/)
    await fetch(`${shop.url}/devices`)
    assert.match((await shop.author.open(shop.base)).text, /POST \/sign-in\/ada 303 See Other GET \/devices 200/)
  })

  it('leaves out a picture, but not one that sets a cookie', async () => {
    const shop = await openShop()
    shop.app.get('/pixel', ({ session }) => String(session.set('seen', true) ?? ''))
    const asPicture = { headers: { 'sec-fetch-dest': 'image' } }
    for (const path of ['/text', '/pixel']) await fetch(shop.url + path, asPicture)
    const { text } = await shop.author.open(shop.base)
    assert.match(text, /GET \/pixel 200/)
    assert.doesNotMatch(text, /GET \/text/)
  })

  it('shows the same where it is mounted twice', async () => {
    const shop = await openShop()
    shop.app.mount('/again', inspector(shop.app))
    await fetch(`${shop.url}/text`)
    for (const base of [shop.base, '/again']) assert.match((await shop.author.open(base)).text, /GET \/text 200/)
  })

  it('has room for a form of thirty long fields', async () => {
    const shop = await openShop()
    const body = new URLSearchParams(Array.from({ length: 30 }, (_, at) => [`field${at}`, 'w'.repeat(900)]))
    await fetch(`${shop.url}/json`, { method: 'POST', body })
    assert.match(await openExchange(shop, 'POST /json'), /field29 w{900} text/)
  })

  it('answers whom it cannot take down', async (t) => {
    t.mock.method(console, 'warn', () => {})
    const shop = await openShop()
    t.mock.method(Number.prototype, 'toLocaleString', () => {
      throw new Error('no numbers today')
    })
    const answer = await fetch(`${shop.url}/json`, {
      method: 'POST',
      body: new URLSearchParams({ a: 'z'.repeat(5_000) }),
    })
    assert.deepEqual([answer.status, await answer.json()], [200, { done: true }])
  })

  it('keeps little of much', async (t) => {
    t.mock.method(console, 'error', () => {})
    const shop = await openShop()
    shop.app.get('/long', () => {
      throw new Error('x'.repeat(1_000_000))
    })
    shop.app.post('/much', ({ session }) => {
      for (let key = 0; key < 300; key++) session.set(`key${key}`, 'y'.repeat(2_000))
      return redirect('/text')
    })
    await fetch(`${shop.url}/long`)
    await fetch(`${shop.url}/much`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ a: 'z'.repeat(400_000) }),
    })
    await openExchange(shop, 'POST /much')
    const { html } = await shop.author.reload()
    assert.ok(html.length < 100_000, String(html.length))
    assert.ok((await shop.author.open(shop.base)).html.length < 20_000)
  })

  it('counts no question that is asked when all is answered', async () => {
    const shop = await openShop()
    shop.app.get('/later', ({ session }) => {
      setTimeout(() => void shop.app.sessions.count(), 30)
      return `${session.size}`
    })
    await fetch(`${shop.url}/later`)
    await new Promise((resolve) => setTimeout(resolve, 80))
    assert.match(await openExchange(shop, 'GET /later'), /No store was asked\./)
  })

  it('shows what was thrown', async (t) => {
    t.mock.method(console, 'error', () => {})
    const shop = await openShop()
    await fetch(`${shop.url}/throws`)
    const text = await openExchange(shop, 'GET /throws 500')
    assert.match(text, /It failed\. HttpError: no <b>tea<\/b> left/)
    assert.match(text, /Committed It failed, so nothing that it did to the session is kept\./)
  })

  it('shows what was thrown, also where the app has a page of its own for it', async (t) => {
    t.mock.method(console, 'error', () => {})
    const shop = await openShop()
    shop.app.onError(() => html`<p>Sorry.</p>`)
    await fetch(`${shop.url}/fails`)
    assert.match(await openExchange(shop, 'GET /fails 500'), /It failed\. Error: half way/)
  })

  it('counts the questions to the store, also those of handlers', async () => {
    const shop = await openShop()
    await (await shop.visitor.open('/guest')).fill({ username: 'Ada' }).submit('Enter')
    const store = async (line: string): Promise<readonly string[]> =>
      [...(await openExchange(shop, line)).matchAll(/\b(\w+) [\d.]+ ms answered/g)].map(([, call = '']) => call)
    assert.deepEqual(await store('GET /guest'), [])
    assert.deepEqual(await store('POST /guest'), ['begin', 'commit'])
    const signedIn = await fetch(`${shop.url}/sign-in/ada`, { method: 'POST', redirect: 'manual' })
    await fetch(`${shop.url}/devices`, { headers: { cookie: signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '' } })
    assert.deepEqual(await store('GET /devices'), ['begin', 'list'])
    await shop.visitor.open('/text')
    assert.deepEqual(await store('GET /text'), [])
  })

  it('does not take one visitor for another who is led to the same page', async () => {
    const shop = await openShop()
    const ask = (path: string, userAgent: string, init: RequestInit = {}): Promise<Response> =>
      fetch(shop.url + path, { redirect: 'manual', ...init, headers: { 'user-agent': userAgent } })
    await ask('/sign-in/ada', 'one', { method: 'POST' })
    await ask('/sign-in/bob', 'two', { method: 'POST' })
    await ask('/devices', 'one')
    const { text } = await shop.author.open(shop.base)
    assert.match(text, /POST \/sign-in\/ada 303 See Other GET \/devices 200/)
    assert.match(text, /POST \/sign-in\/bob 303 See Other\s+\d\d:/)
    await ask('/devices', 'one') // reloaded: nobody redirected that
    assert.match((await shop.author.open(shop.base)).text, /^[\s\S]*?GET \/devices 200\s+\d\d:\d\d:\d\d/)
  })

  it('shows text of strangers as text, and not more of it than there is room for', async () => {
    const shop = await openShop()
    const sign = '<script>alert(1)</script>'
    const form = new URLSearchParams({ username: sign, note: `${'long '.repeat(2_000)}` })
    const options = { method: 'POST', body: form, headers: { 'user-agent': sign } }
    await fetch(`${shop.url}/guest?${encodeURIComponent(sign)}="><script>`, options)
    const live = await shop.author.open(shop.base)
    const text = await openExchange(shop, 'POST /guest')
    const { html } = await shop.author.reload()
    for (const markup of [live.html, html]) assert.doesNotMatch(markup, /<script>/)
    assert.match(text, /… \(10,000 characters\)/)
  })

  it('remembers the last 300, and forgets all when it is told to', async () => {
    const shop = await openShop()
    for (let count = 0; count < 305; count++) await fetch(`${shop.url}/text?n=${count}`)
    const live = await shop.author.open(shop.base)
    assert.equal(live.html.match(/class="story"/g)?.length, 300)
    assert.doesNotMatch(live.text, /n=4\b/)
    assert.match(live.text, /n=5\b/)
    const gone = await shop.author.open(`${shop.base}/exchanges/1`)
    assert.deepEqual([gone.status, gone.title], [404, 'Not remembered – Dewar inspector'])
    const empty = await (await shop.author.open(shop.base)).submit('Forget all')
    assert.match(empty.text, /Nothing has happened yet\./)
  })

  it('shows the stations of an app that is mounted', async () => {
    const shop = await openShop()
    const inner = await openShop()
    shop.app.mount('/inner', inner.app)
    await (await browser(shop.url).open('/inner/guest')).fill({ username: 'Ada' }).submit('Enter')
    const text = await openExchange(shop, 'POST /inner/guest')
    assert.match(
      text,
      /Routed\s+Handed to what is mounted at \/inner\.[\s\S]*Routed\s+POST \/guest, which takes a form\./,
    )
    assert.match(text.replace(/\s+/g, ' '), /username – "Ada" added/)
  })
})
