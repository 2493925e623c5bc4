import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Browser, browser } from 'dewar/testing'
import { plainVariables, type Started, startApp, startInVain } from './started.ts'

let app: Started

before(async () => {
  app = await startApp()
})
after(async () => {
  await app.stop()
})

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${app.url}${path}`, { redirect: 'manual', ...init })
}

async function textOf(path: string, init: RequestInit = {}): Promise<string> {
  return (await ask(path, init)).text()
}

function posted(
  fields: Record<string, string> | [string, string][],
  headers: Record<string, string> = {},
): RequestInit {
  return { method: 'POST', body: new URLSearchParams(fields), headers }
}

/** A visitor whose requests go over the socket. */
function visitor(): Browser {
  return browser({ fetch: (request) => fetch(request, { redirect: 'manual' }) }, { origin: app.url })
}

/** One session by hand: posts fields and gives the cookie for the next request. */
async function keep(path: string, fields: Record<string, string>, cookie = ''): Promise<string> {
  const answer = await ask(path, posted(fields, { cookie, 'sec-fetch-site': 'same-origin' }))
  assert.equal(answer.status, 303, await answer.text())
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
}

describe('pages without a session', () => {
  it('are /health and /public: no cookie, no Vary, and /public may be cached', async () => {
    const health = await ask('/health')
    assert.equal(health.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.equal(await health.text(), 'ok')
    const page = await ask('/public', { headers: { cookie: 'session=x' } })
    assert.equal(page.headers.get('cache-control'), 'public, max-age=60')
    assert.equal(page.headers.get('vary'), null)
    assert.match(await page.text(), /<h1>Public<\/h1>/)
  })

  it('shows a name in /hello as text, wherever it stands', async () => {
    const html = await textOf(`/hello?name=${encodeURIComponent('</title></textarea>"><script>alert(1)</script>')}`)
    assert.doesNotMatch(html, /<script/)
    assert.equal(html.match(/&lt;script/g)?.length, 5) // the title, the heading, text, attribute and textarea
    assert.match(await textOf('/hello?name=Ada'), /<title>Hello Ada<\/title>.*value="Ada".*>\s*Ada<\/textarea>/s)
  })

  it('serves its files with their types', async () => {
    assert.equal((await ask('/static/style.css')).headers.get('content-type'), 'text/css; charset=utf-8')
    assert.equal((await ask('/static/mark.svg')).headers.get('content-type'), 'image/svg+xml')
    assert.equal(await textOf('/static/plain.txt'), 'A plain file, served as it is.\n')
    assert.equal((await ask('/static/app.ts')).status, 404)
  })

  it('redirects with /go to paths of the app and to nothing else', async () => {
    const inside = await ask('/go?to=/me?a=1')
    assert.equal(inside.status, 303)
    assert.equal(inside.headers.get('location'), '/me?a=1')
    assert.equal((await ask('/go?to=https://evil.example/')).status, 400)
  })

  it('goes back with /back to a page of the app, else to /', async () => {
    const from = (referer: string): Promise<Response> => ask('/back', posted({}, { referer }))
    assert.equal((await from(`${app.url}/hello?name=Ada`)).headers.get('location'), '/hello?name=Ada')
    assert.equal((await from('https://evil.example/hello')).headers.get('location'), '/')
  })

  it('stops everybody before /admin/x', async () => {
    assert.equal((await ask('/admin/x')).status, 403)
  })
})

describe('a payment', () => {
  it('is made with the form, counted, and has a receipt', async () => {
    const count = Number(await textOf('/count'))
    const receipt = await (await visitor().open('/form')).fill({ amount: 5 }).submit('Pay')
    assert.equal(receipt.url, `/receipt/${count + 1}`)
    assert.equal(receipt.html, `receipt ${count + 1} amount 5`)
    assert.equal(receipt.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.equal(receipt.headers.get('x-flashes'), '1')
    assert.equal(await textOf('/count'), String(count + 1))
  })

  it('leaves its number in the session', async () => {
    const payer = visitor()
    for (const amount of [1, 2]) await (await payer.open('/form')).fill({ amount }).submit('Pay')
    const count = Number(await textOf('/count'))
    assert.deepEqual(JSON.parse((await payer.open('/session')).html), { receipts: [count - 1, count] })
  })

  it('is not made with an amount that is none, and the form is shown again', async () => {
    const count = await textOf('/count')
    for (const amount of ['', '0', '1001', '1.5', 'many']) {
      const again = await (await visitor().open('/form')).fill({ amount }).submit('Pay')
      assert.equal(again.status, 422)
      assert.equal(again.value('amount'), amount)
    }
    assert.equal(await textOf('/count'), count)
  })

  it('that throws before or after its effect is not made', async () => {
    const count = await textOf('/count')
    assert.equal((await ask('/pay?at=before', posted({ amount: '5' }))).status, 500)
    assert.equal((await ask('/pay?at=after', posted({ amount: '5' }))).status, 500)
    assert.equal((await ask('/pay?at=noon', posted({ amount: '5' }))).status, 400)
    assert.equal(await textOf('/count'), count)
    app.takeLog()
  })

  it('waits before its effect when it is asked to', async () => {
    const begun = performance.now()
    assert.equal((await ask('/pay?ms=120', posted({ amount: '5' }))).status, 303)
    assert.ok(performance.now() - begun >= 119)
  })

  it('that nobody made has no receipt', async () => {
    for (const number of ['0', '999999', 'x', '1e0', '01']) assert.equal((await ask(`/receipt/${number}`)).status, 404)
  })
})

describe('what is posted', () => {
  it('comes back from /echo in the order sent', async () => {
    const fields: [string, string][] = [
      ['b', '1'],
      ['a', 'é\0'],
      ['b', ''],
    ]
    assert.deepEqual(await (await ask('/echo', posted(fields))).json(), { fields, files: [] })
  })

  it('comes back from /echo with its files', async () => {
    const body = new FormData()
    body.append('note', 'hi')
    body.append('file', new File(['plain text'], '../../a b.txt', { type: 'image/png' }))
    const sha256 = createHash('sha256').update('plain text').digest('hex')
    const { fields, files } = await (await ask('/echo', { method: 'POST', body })).json()
    assert.deepEqual(fields, [['note', 'hi']])
    assert.equal(files.length, 1)
    const { safeName, ...file } = files[0]
    assert.deepEqual(file, { name: 'file', filename: '../../a b.txt', type: 'text/plain', size: 10, sha256 })
    assert.doesNotMatch(safeName, /[/\\]|^\./)
  })

  it('gets its types from a schema in /typed', async () => {
    const page = await (await visitor().open('/typed')).fill({ user: ' Ada ', age: 36, agree: true }).submit()
    assert.deepEqual(JSON.parse(page.html), { user: 'Ada', age: 36, tags: [], agree: true })
    const fields: [string, string][] = [
      ['user', 'Ada'],
      ['tags', 'b'],
      ['tags', 'a'],
      ['other', 'x'],
    ]
    assert.deepEqual(await (await ask('/typed', posted(fields))).json(), {
      user: 'Ada',
      tags: ['b', 'a'],
      agree: false,
    })
  })

  it('is shown again by /typed when it is invalid, or told as JSON', async () => {
    const again = await (await visitor().open('/typed')).fill({ user: 'x'.repeat(21), age: 151 }).submit()
    assert.equal(again.status, 422)
    assert.equal(again.value('user'), 'x'.repeat(21))
    const told = await ask('/typed', posted({ user: '', age: '-1' }, { accept: 'application/json' }))
    assert.equal(told.status, 422)
    assert.equal(told.headers.get('content-type'), 'application/problem+json')
    assert.deepEqual(Object.keys((await told.json()).errors), ['user', 'age'])
  })

  it('reaches /hook from anywhere, and nothing else', async () => {
    const headers = {
      origin: 'https://pay.example',
      'sec-fetch-site': 'cross-site',
      'content-type': 'application/json',
    }
    assert.equal(await textOf('/hook', { method: 'POST', headers, body: '{"a":1}' }), 'ok')
    assert.equal((await ask('/hook', { method: 'POST', headers, body: '{' })).status, 400)
    assert.equal((await ask('/echo', { method: 'POST', headers, body: '{}' })).status, 403)
  })
})

describe('signing in', () => {
  it('leads to next, if that is a path of the app, else to /me', async () => {
    const page = await (await visitor().open('/login?next=/session')).fill({ user: 'Ada', password: 'x' }).submit()
    assert.equal(page.url, '/session')
    const next = (to: string): Promise<Response> => ask('/login', posted({ user: 'Ada', password: 'x', next: to }))
    assert.equal((await next('//evil.example')).headers.get('location'), '/me')
    assert.equal((await ask('/login', posted({ user: 'Ada', password: 'x' }))).headers.get('location'), '/me')
    assert.equal((await ask('/login', posted({ user: '', password: 'x' }))).status, 422)
  })

  it('is seen in /me until it ends with /logout', async () => {
    assert.deepEqual(JSON.parse(await textOf('/me')), { user: null, id: null })
    const cookie = await keep('/login', { user: 'Ada', password: 'x' })
    const me = JSON.parse(await textOf('/me', { headers: { cookie } }))
    assert.equal(me.user, 'Ada')
    assert.match(me.id, /^[\w-]{22}$/)
    const out = await ask('/logout', posted({}, { cookie, 'sec-fetch-site': 'same-origin' }))
    assert.equal(out.headers.get('location'), '/me')
    assert.match(out.headers.getSetCookie()[0] ?? '', /^session=; Max-Age=0/)
  })

  it('elsewhere cannot be seen or ended without a store', async () => {
    assert.equal((await ask('/devices')).status, 501)
    assert.equal((await ask('/logout-all', { method: 'POST' })).status, 501)
    app.takeLog()
  })
})

describe('a session', () => {
  it('keeps what was put, appended and counted', async () => {
    let cookie = await keep('/put', { k: '__proto__', v: 'x' })
    cookie = await keep('/append', { item: 'b' }, cookie)
    cookie = await keep('/append', { item: 'a' }, cookie)
    cookie = await keep('/increment', {}, cookie)
    cookie = await keep('/increment', {}, cookie)
    const kept = await textOf('/session', { headers: { cookie } })
    assert.equal(kept, '{"__proto__":"x","items":["b","a"],"visits":2}')
    assert.equal(await textOf('/has?k=items', { headers: { cookie } }), 'true')
    assert.equal(await textOf('/has', { headers: { cookie } }), 'false')
    assert.equal(await textOf('/size', { headers: { cookie } }), '3')
  })

  it('makes every answer that touches it private', async () => {
    for (const path of ['/has', '/size', '/refresh', '/session', '/me', '/flash']) {
      const answer = await ask(path)
      assert.equal(answer.headers.get('cache-control'), 'private, no-cache', path)
      assert.equal(answer.headers.get('vary'), 'Cookie', path)
      assert.deepEqual(answer.headers.getSetCookie(), [], path)
    }
  })

  it('is ended by /clear, unless that throws', async () => {
    const cookie = await keep('/put', { k: 'a', v: '1' })
    const clear = (query: string): Promise<Response> =>
      ask(`/clear${query}`, posted({}, { cookie, 'sec-fetch-site': 'same-origin' }))
    assert.match((await clear('')).headers.getSetCookie()[0] ?? '', /^session=; Max-Age=0/)
    const thrown = await clear('?then=throw')
    assert.equal(thrown.status, 500)
    assert.deepEqual(thrown.headers.getSetCookie(), [])
    app.takeLog()
    const next = (await clear('?then=set')).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    assert.equal(await textOf('/session', { headers: { cookie: next } }), '{"after":1}')
  })

  it('is set by /slow, which waits', async () => {
    const answer = await ask('/slow?ms=120&k=late')
    assert.equal(await answer.text(), 'ok')
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    assert.equal(await textOf('/session', { headers: { cookie } }), '{"late":true}')
    assert.equal((await ask('/slow?ms=-1')).status, 400)
  })

  it('shows a flashed message once', async () => {
    const cookie = await keep('/flash', { message: 'Saved' })
    const shown = await ask('/flash', { headers: { cookie } })
    assert.equal(await shown.text(), 'Saved\n')
    const after = shown.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    assert.match(after, /^session=[\w-]+$/) // they are known still, for who goes Back to the form that led here
    assert.equal(await textOf('/flash', { headers: { cookie: after } }), '')
  })
})

describe('an upload', () => {
  it('comes down again under the name it had, and leaves nothing in .tmp', async () => {
    const page = await visitor().open('/upload')
    const file = new File(['some plain text'], 'Überblick "1".txt', { type: 'text/plain' })
    const down = await page.fill({ note: 'hello', file }).submit()
    assert.equal(down.status, 200)
    assert.equal(down.html, 'some plain text')
    assert.match(down.url, /^\/download\/[0-9a-f-]{36}$/)
    const disposition = down.headers.get('content-disposition') ?? ''
    assert.match(disposition, /^attachment;/)
    assert.match(disposition, /filename\*=UTF-8''%C3%9Cberblick%20%221%22\.txt/i)
    assert.equal(down.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(JSON.parse(await textOf('/stats')).tmp, 0)
    const id = down.url.slice('/download/'.length)
    assert.deepEqual(readdirSync(app.uploadFolder).filter((name) => name.startsWith(id)).length, 2)
  })

  it('with a note that is missing keeps the file for the next try', async () => {
    const page = await visitor().open('/upload')
    const again = await page.fill({ note: ' ', file: new File(['kept text'], 'kept.txt') }).submit()
    assert.equal(again.status, 422)
    assert.match(again.text, /kept\.txt/)
    const down = await again.fill({ note: 'now' }).submit()
    assert.equal(down.html, 'kept text')
    assert.equal(JSON.parse(await textOf('/stats')).tmp, 0)
  })

  it('of another type, or too large, is refused', async () => {
    const send = async (file: File): Promise<number> =>
      (await (await visitor().open('/upload')).fill({ note: 'x', file }).submit()).status
    assert.equal(await send(new File([`GIF89a${'\0'.repeat(20)}`], 'a.png', { type: 'image/png' })), 422)
    assert.equal(await send(new File(['x'.repeat(5 * 1024 * 1024 + 1)], 'a.txt')), 413)
    assert.equal(JSON.parse(await textOf('/stats')).tmp, 0)
  })

  it('is seen by another process with the same folder', async () => {
    const down = await (await visitor().open('/upload'))
      .fill({ note: 'x', file: new File(['shared'], 'shared.txt') })
      .submit()
    const other = await startApp({ UPLOAD_DIR: app.uploadFolder })
    const answer = await fetch(`${other.url}${down.url}`)
    assert.equal(await answer.text(), 'shared')
    assert.match(answer.headers.get('content-disposition') ?? '', /shared\.txt/)
    assert.equal(await other.stop(), 0)
  })

  it('that nobody made cannot be had', async () => {
    for (const id of ['x', '00000000-0000-0000-0000-000000000000', '.tmp']) {
      assert.equal((await ask(`/download/${id}`)).status, 404)
    }
  })
})

describe('trouble', () => {
  it('is told to the log and to no stranger, and the process lives', async () => {
    app.takeLog()
    for (const kind of ['error', 'null']) {
      const answer = await ask(`/throw?kind=${kind}`)
      assert.equal(answer.status, 500)
      assert.doesNotMatch(await answer.text(), /secret-xyz/)
    }
    assert.match(app.takeLog(), /secret-xyz/)
    assert.equal((await ask('/throw?kind=other')).status, 400)
    assert.equal(JSON.parse(await textOf('/stats')).pid, app.pid)
  })

  it('in mid-stream ends the connection, so that nobody takes the beginning for the whole', async () => {
    const answer = await ask('/throw?kind=stream')
    assert.equal(answer.status, 200)
    await assert.rejects(answer.text())
    assert.equal(JSON.parse(await textOf('/stats')).pid, app.pid)
    assert.match(app.takeLog(), /secret-xyz/)
  })

  it('after the answer does not end the process', async () => {
    app.takeLog()
    assert.equal(await textOf('/throw?kind=late'), 'ok')
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal(JSON.parse(await textOf('/stats')).pid, app.pid)
    assert.match(app.takeLog(), /secret-xyz/)
  })
})

describe('the statistics', () => {
  it('say what the process uses', async () => {
    const { pid, rss, fds, tmp, sessions } = JSON.parse(await textOf('/stats'))
    assert.equal(pid, app.pid)
    assert.ok(rss > 10_000_000)
    assert.ok(process.platform !== 'linux' || fds > 3)
    assert.equal(tmp, 0)
    assert.equal(sessions, null)
  })
})

describe('a start', () => {
  const refused: [name: string, variables: NodeJS.ProcessEnv, says: RegExp][] = [
    ['without a secret', { DEWAR_SECRET: '' }, /^DEWAR_SECRET is not set; this app needs one\.\n$/],
    ['with a secret that is too short', { DEWAR_SECRET: 'short' }, /^Secret 1 has 5 bytes; 32 are needed\./],
    ['with a port that is none', { PORT: '70000' }, /^PORT is "70000"; it must be a whole number from 0 to 65535\.\n$/],
    [
      'with an unknown environment',
      { DEWAR_ENV: 'staging' },
      /^DEWAR_ENV is "staging"; it must be development or prod/,
    ],
    ['with a number of proxies that is none', { DEWAR_TRUST_PROXY: 'all' }, /^DEWAR_TRUST_PROXY is "all"; it must be/],
    ['with an unknown store', { DEWAR_STORE: 'mysql://user:hunter2@db' }, /^DEWAR_STORE begins with "mysql:"; it must/],
  ]
  for (const [name, variables, says] of refused) {
    it(`${name} is refused with a sentence`, async () => {
      const { code, said } = await startInVain({ ...plainVariables, ...variables })
      assert.equal(code, 1)
      assert.match(said, says)
      assert.doesNotMatch(said, /hunter2|\n {4}at /)
    })
  }

  it('twice on one file of SQLite is one app', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dewar-store-'))
    const variables = { DEWAR_STORE: `sqlite:${join(folder, 'sessions.db')}` }
    const [one, other] = await Promise.all([startApp(variables), startApp(variables)])
    const post = (url: string, body: string, cookie = ''): Promise<Response> => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', cookie }
      return fetch(url, { method: 'POST', body, headers, redirect: 'manual' })
    }
    const json = async (url: string, cookie: string): Promise<Record<string, unknown>> =>
      (await fetch(url, { headers: { cookie } })).json()
    const signIn = await post(`${one.url}/login`, 'user=ann&password=x')
    const cookie = signIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    assert.equal((await json(`${other.url}/me`, cookie)).user, 'ann')
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => post(`${n % 2 === 0 ? one.url : other.url}/append`, `item=${n}`, cookie)),
    )
    assert.equal(((await json(`${one.url}/session`, cookie)).items as string[]).length, 20)
    assert.equal(((await json(`${one.url}/devices`, cookie)) as unknown as unknown[]).length, 1)
    assert.equal((await json(`${one.url}/stats`, '')).sessions, 1)
    await post(`${other.url}/logout-all`, '', cookie)
    assert.deepEqual(await json(`${one.url}/me`, cookie), { user: null, id: null })
    assert.equal((await json(`${one.url}/stats`, '')).sessions, 0)
    assert.deepEqual(await Promise.all([one.stop(), other.stop()]), [0, 0])
    rmSync(folder, { recursive: true })
  })

  it('behind one proxy believes what it says', async () => {
    const other = await startApp({ DEWAR_TRUST_PROXY: '1' })
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example', 'x-forwarded-for': '192.0.2.1' }
    const answer = await fetch(`${other.url}/slow`, { headers })
    assert.match(answer.headers.getSetCookie()[0] ?? '', /^__Host-Http-session=.*; Secure/)
    assert.equal(await other.stop(), 0)
  })

  it('ends with SIGTERM and exit code 0', async () => {
    assert.equal(await (await startApp()).stop(), 0)
  })
})
