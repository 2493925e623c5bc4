import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Dewar, html, redirect, shape } from '../../src/index.ts'
import { type ServeOptions, type Server, serve, staticFiles, toNodeHandler } from '../../src/node.ts'
import { exchange, statusOf } from './raw.ts'

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

function shop(): { app: Dewar<{ name: string }>; done: () => number } {
  let count = 0
  const app = new Dewar({ session: shape<{ name: string }>(), secret, env: 'production' })
  app.get('/', () => html`<p>front</p>`)
  app.get('/where', ({ url }) => url.href)
  app.get('/enter/:name', ({ session, params }) => {
    session.set('name', params.name)
    return redirect('/name')
  })
  app.get('/name', ({ session }) => html`<p>${session.get('name')}</p>`)
  app.post('/do', ({ fields }) => {
    count += 1
    return [...fields]
  })
  app.get(
    '/stream',
    () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('one '))
            controller.enqueue(new TextEncoder().encode('two'))
            controller.close()
          },
        }),
        { headers: { 'x-kind': 'stream' } },
      ),
  )
  app.get('/two-cookies', ({ cookies }) => {
    cookies.set('a', '1')
    cookies.set('b', '2')
    return 'ok'
  })
  app.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 300))
    return 'slow'
  })
  return { app, done: () => count }
}

const quiet: ServeOptions = { port: 0, quiet: true, stopOnSignals: false }

describe('an app on a socket', () => {
  const { app, done } = shop()
  let server: Server
  before(async () => {
    server = await serve(app, quiet)
  })
  after(() => server.stop())

  test('answers pages, redirects, streams and HEAD as it does through fetch', async () => {
    const page = await fetch(`${server.url}/`)
    assert.equal(await page.text(), '<p>front</p>')
    assert.equal(page.headers.get('content-length'), '12')
    const sent = await fetch(`${server.url}/enter/Ada`, { redirect: 'manual' })
    assert.equal(sent.status, 303)
    assert.equal(sent.headers.get('content-length'), '0')
    const cookie = sent.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    assert.match(cookie, /^session=/)
    assert.equal(await (await fetch(`${server.url}/name`, { headers: { cookie } })).text(), '<p>Ada</p>')
    const stream = await fetch(`${server.url}/stream`)
    assert.equal(await stream.text(), 'one two')
    assert.equal(stream.headers.get('x-kind'), 'stream')
    const head = await fetch(`${server.url}/`, { method: 'HEAD' })
    assert.equal(head.headers.get('content-length'), '12')
    assert.deepEqual((await fetch(`${server.url}/two-cookies`)).headers.getSetCookie().length, 2)
    const again = await fetch(`${server.url}/`, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
    assert.equal(again.status, 304)
  })

  test('reads a posted form in pieces, and refuses one that is too large or that ends early', async () => {
    const head =
      'POST /do HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n'
    assert.match(await exchange(server.port, `${head}Content-Length: 7\r\n\r\na=1&b=2`), /\[\["a","1"\],\["b","2"\]\]/)
    assert.match(
      await exchange(server.port, `${head}Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n`),
      /\[\["a","1"\],\["b","2"\]\]/,
    )
    const count = done()
    assert.equal(
      statusOf(await exchange(server.port, `${head}Content-Length: 1200000\r\n\r\na=${'x'.repeat(1_199_998)}`)),
      413,
    )
    assert.equal(done(), count)
  })

  test('a client that goes away in the middle of its form leaves nothing done and the server alive', async () => {
    const count = done()
    for (let round = 0; round < 5; round++) {
      const socket = connect(server.port, '127.0.0.1')
      socket.write(
        'POST /do HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=1',
      )
      await new Promise((resolve) => setTimeout(resolve, 20))
      socket.destroy()
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(done(), count)
    assert.equal((await fetch(`${server.url}/`)).status, 200)
  })

  const heads: [name: string, bytes: string, statuses: number[]][] = [
    ['a plain request', 'GET / HTTP/1.1\r\nHost: shop.example\r\n', [200]],
    ['HTTP/1.0 without a Host', 'GET / HTTP/1.0\r\n', [200]],
    ['an absolute target for the same host', 'GET http://shop.example/ HTTP/1.1\r\nHost: shop.example\r\n', [200]],
    ['an absolute target for another host', 'GET http://evil.example/ HTTP/1.1\r\nHost: shop.example\r\n', [400]],
    ['an absolute target of another kind', 'GET ftp://shop.example/ HTTP/1.1\r\nHost: shop.example\r\n', [400]],
    ['a target with a user', 'GET http://a:b@shop.example/ HTTP/1.1\r\nHost: shop.example\r\n', [400]],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: shop.example\r\n', [204]],
    ['GET *', 'GET * HTTP/1.1\r\nHost: shop.example\r\n', [400]],
    ['no Host', 'GET / HTTP/1.1\r\n', [400]],
    ['two equal Hosts', 'GET / HTTP/1.1\r\nHost: shop.example\r\nHost: shop.example\r\n', [400]],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: shop.example\r\nhost: evil.example\r\n', [400]],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n', [400]],
    ['a Host with a path', 'GET / HTTP/1.1\r\nHost: shop.example/x\r\n', [400]],
    ['a Host with a user', 'GET / HTTP/1.1\r\nHost: a@shop.example\r\n', [400]],
    ['a Host with a space', 'GET / HTTP/1.1\r\nHost: shop example\r\n', [400]],
    ['a Host with a comma', 'GET / HTTP/1.1\r\nHost: shop.example, evil.example\r\n', [400]],
    ['a Host with a bad port', 'GET / HTTP/1.1\r\nHost: shop.example:x\r\n', [400]],
    ['a Host with too many numbers', 'GET / HTTP/1.1\r\nHost: 1.2.3.4.5\r\n', [400]],
    ['a Host with a port above 65535', 'GET / HTTP/1.1\r\nHost: shop.example:99999\r\n', [400]],
    ['a Host that ends with a dot', 'GET / HTTP/1.1\r\nHost: localhost.\r\n', [400]],
    ['a Host in brackets', 'GET / HTTP/1.1\r\nHost: [::1]:3000\r\n', [200]],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: shop.example\r\n', [405]],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: shop.example\r\n', [400]],
    ['a method that the path does not know', 'DELETE / HTTP/1.1\r\nHost: shop.example\r\n', [405]],
    ['two lengths', 'POST /do HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n', [400]],
    [
      'a length and chunks',
      'POST /do HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n',
      [400],
    ],
    ['a header with a bare LF in it', 'GET / HTTP/1.1\r\nHost: x\nX-A: 1\r\n', [400]],
    ['a header name with a space', 'GET / HTTP/1.1\r\nHost : x\r\n', [400]],
    ['a broken escape', 'GET /%zz HTTP/1.1\r\nHost: x\r\n', [400]],
    ['an escaped NUL', 'GET /%00 HTTP/1.1\r\nHost: x\r\n', [400]],
  ]
  for (const [name, bytes, statuses] of heads) {
    test(`${name} is answered ${statuses.join(' or ')}, nothing is done, and the server lives`, async () => {
      const count = done()
      const received = await exchange(server.port, `${bytes}Connection: close\r\n\r\n`)
      assert.ok(statuses.includes(statusOf(received)), received.slice(0, 200))
      assert.equal(done(), count)
      assert.equal((await fetch(`${server.url}/`)).status, 200)
    })
  }

  test('HTTP/0.9, CONNECT and noise are never answered with a page', async () => {
    for (const bytes of [
      'GET /\r\n',
      'CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example\r\n\r\n',
      '\x16\x03\x01\x02\x00',
      '\r\n\r\n\0\0',
    ]) {
      const received = await exchange(server.port, bytes)
      assert.ok([0, 400, 501].includes(statusOf(received)), received)
      assert.doesNotMatch(received, /front/)
    }
    assert.equal((await fetch(`${server.url}/`)).status, 200)
  })

  test('X-Forwarded headers count for nothing', async () => {
    const answer = await fetch(`${server.url}/where`, {
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' },
    })
    assert.equal(await answer.text(), `${server.url}/where`)
  })

  test('a port that is taken, and options that are none, are refused', async () => {
    await assert.rejects(serve(app, { ...quiet, port: server.port }), /EADDRINUSE/)
    await assert.rejects(serve(app, { ...quiet, port: 70_000 }), /The port is 70000/)
    await assert.rejects(serve(app, { ...quiet, prot: 1 } as ServeOptions), /serve has no option prot/)
    await assert.rejects(serve(app, { ...quiet, trustProxy: true as unknown as false }), /trustProxy is true/)
  })
})

test('a response whose length is wrong cannot shift the next one on its connection', async () => {
  const upstream = createServer((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })
    response.end(gzipSync('A'.repeat(500)))
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const address = upstream.address()
  const upstreamPort = typeof address === 'object' && address !== null ? address.port : 0
  const app = new Dewar({ secret, env: 'production' })
  app.mount('/api', () => fetch(`http://127.0.0.1:${upstreamPort}/`))
  app.get('/short', () => new Response('hello', { headers: { 'content-length': '2' } }))
  const server = await serve(app, quiet)
  const proxied = await fetch(`${server.url}/api`)
  assert.equal(await proxied.text(), 'A'.repeat(500))
  assert.equal(proxied.headers.get('content-encoding'), null)
  const { error } = console
  console.error = () => {}
  const received = await exchange(
    server.port,
    'GET /short HTTP/1.1\r\nHost: x\r\n\r\nGET /short HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  )
  console.error = error
  assert.doesNotMatch(received, /hello/)
  await server.stop()
  upstream.close()
})

test('development details stay on this machine, whatever Host says', async () => {
  const app = new Dewar({ secret, env: 'development' })
  app.get('/', () => {
    throw new Error('secret-xyz')
  })
  const handler = toNodeHandler(app)
  const server = createServer((request, response) => {
    if (request.headers['x-from'] !== undefined)
      Object.defineProperty(request.socket, 'remoteAddress', { value: '192.0.2.7' })
    handler(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { error } = console
  console.error = () => {}
  const near = await (await fetch(`http://localhost:${port}/`)).text()
  const far = await (await fetch(`http://localhost:${port}/`, { headers: { 'x-from': 'elsewhere' } })).text()
  console.error = error
  assert.match(near, /secret-xyz/)
  assert.doesNotMatch(far, /secret-xyz/)
  server.close()
  server.closeAllConnections()
})

test('behind a trusted proxy that says https the address is https and the cookie is Secure', async () => {
  const server = await serve(shop().app, { ...quiet, trustProxy: 'loopback' })
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example', 'x-forwarded-for': '192.0.2.1' }
  assert.equal(await (await fetch(`${server.url}/where`, { headers })).text(), 'https://shop.example/where')
  const entered = await fetch(`${server.url}/enter/Ada`, { headers, redirect: 'manual' })
  assert.match(entered.headers.getSetCookie()[0] ?? '', /^__Host-Http-session=.*; Secure/)
  await server.stop()
})

test('an app can be the handler of a server that somebody else runs', async () => {
  const server = createServer(toNodeHandler(shop().app)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), '<p>front</p>')
  const posted = await fetch(`http://127.0.0.1:${port}/do`, { method: 'POST', body: new URLSearchParams({ a: '1' }) })
  assert.deepEqual(await posted.json(), [['a', '1']])
  server.close()
})

test('a body that somebody read before the app is a 500 that comes at once, not a wait', async () => {
  const handler = toNodeHandler(shop().app)
  const server = createServer((request, response) => {
    request.resume().on('end', () => handler(request, response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { error } = console
  console.error = () => {}
  const answer = await fetch(`http://127.0.0.1:${port}/do`, { method: 'POST', body: new URLSearchParams({ a: '1' }) })
  console.error = error
  server.close()
  assert.equal(answer.status, 500)
})

describe('static files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dewar-static-'))
  const outside = mkdtempSync(join(tmpdir(), 'dewar-outside-'))
  let server: Server
  before(async () => {
    writeFileSync(join(folder, 'style.css'), 'body{}')
    writeFileSync(join(folder, '.env'), 'DEWAR_SECRET=x')
    writeFileSync(join(outside, 'secret.txt'), 'secret')
    symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'))
    mkdirSync(join(folder, 'deep'))
    writeFileSync(join(folder, 'deep', 'a b.txt'), 'deep')
    const app = new Dewar({ secret })
    app.mount('/static', staticFiles(folder))
    server = await serve(app, quiet)
  })
  after(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
    rmSync(outside, { recursive: true })
  })

  test('have a type, an ETag, nosniff, ranges, and 304', async () => {
    const answer = await fetch(`${server.url}/static/style.css`)
    assert.equal(answer.headers.get('content-type'), 'text/css; charset=utf-8')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(await answer.text(), 'body{}')
    const etag = answer.headers.get('etag') ?? ''
    assert.equal((await fetch(`${server.url}/static/style.css`, { headers: { 'if-none-match': etag } })).status, 304)
    const part = await fetch(`${server.url}/static/style.css`, { headers: { range: 'bytes=0-3' } })
    assert.equal(part.status, 206)
    assert.equal(await part.text(), 'body')
    assert.equal(await (await fetch(`${server.url}/static/deep/a%20b.txt`)).text(), 'deep')
    assert.equal((await fetch(`${server.url}/static/style.css`, { method: 'HEAD' })).headers.get('content-length'), '6')
  })

  test('are nowhere else than in their folder: no dot files, no links out, no climbing', async () => {
    for (const path of [
      '/static/.env',
      '/static/link.txt',
      '/static/nothing',
      '/static/',
      '/static',
      '/static/..%2f..%2fetc/passwd',
      '/static/%2e%2e/x',
      '/static/deep%00.txt',
      '/static/..\\x',
    ]) {
      const received = await exchange(server.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      assert.ok([400, 404].includes(statusOf(received)), `${path}: ${received.slice(0, 300)}`)
      assert.doesNotMatch(received, /DEWAR_SECRET|secret\n?$|root:/)
    }
    assert.throws(() => staticFiles(join(folder, 'nowhere')), /there is no such folder/)
  })
})
