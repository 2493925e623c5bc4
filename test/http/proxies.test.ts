import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openWire, statusOf } from './raw.ts'
import { hosted, newApp, served } from './served.ts'

const headers = {
  'x-forwarded-proto': 'http, https',
  'x-forwarded-host': 'evil.example, shop.example',
  'x-forwarded-for': '1.1.1.1, 2.2.2.2',
  forwarded: 'for=3.3.3.3;proto=https;host=other.example',
}

function shop(): ReturnType<typeof newApp> {
  const app = newApp()
  app.get('/where', ({ url, request }) => `${url.href} ${request.url} ${'ip' in request && request.ip}`)
  app.post('/post', () => 'posted')
  app.get('/enter', ({ session }) => {
    session.set('name', 'Ada')
    return 'entered'
  })
  return app
}

for (const [place, open] of [
  ['serve', served],
  ['toNodeHandler', hosted],
] as const) {
  describe(`proxies in front, under ${place}`, () => {
    test('count for nothing unless they are trusted', async () => {
      for (const options of [{}, { trustProxy: 0 }]) {
        const server = await open(shop(), options)
        const said = await (await fetch(`${server.url}/where?a=1`, { headers })).text()
        assert.equal(said, `${server.url}/where?a=1 ${server.url}/where?a=1 127.0.0.1`)
        const entered = await fetch(`${server.url}/enter`, { headers })
        assert.doesNotMatch(entered.headers.getSetCookie()[0] ?? '', /^session=/, 'a proxy nobody named is no loopback')
        await server.stop()
      }
    })

    test('that nobody has named are told of once, and what to write', async () => {
      const lines: string[] = []
      const { warn } = console
      console.warn = (line: string) => lines.push(line)
      try {
        for (const options of [{}, { trustProxy: 1 }]) {
          const server = await open(shop(), options)
          for (let times = 0; times < 2; times++) await fetch(`${server.url}/where`, { headers })
          await server.stop()
        }
      } finally {
        console.warn = warn
      }
      assert.equal(lines.length, 1)
      assert.match(lines[0] ?? '', /from 127\.0\.0\.1 with X-Forwarded-For, .*trustProxy: \['127\.0\.0\.1'\]/)
    })

    test('are believed as many as there are', async () => {
      const server = await open(shop(), { trustProxy: 1 })
      const said = await (await fetch(`${server.url}/where?a=1`, { headers })).text()
      assert.equal(said, 'https://shop.example/where?a=1 https://shop.example/where?a=1 2.2.2.2')
      const entered = await fetch(`${server.url}/enter`, { headers })
      assert.match(entered.headers.getSetCookie()[0] ?? '', /^__Host-Http-session=.*; Secure/)
      const post = (origin: string): Promise<Response> =>
        fetch(`${server.url}/post`, { method: 'POST', headers: { ...headers, origin } })
      assert.equal((await post('https://shop.example')).status, 200)
      assert.equal((await post('https://evil.example')).status, 403)
      await server.stop()
    })

    test('that say nonsense are answered 400, and the connection closed', async () => {
      const server = await open(shop(), { trustProxy: 1 })
      for (const said of ['X-Forwarded-Proto: gopher', 'X-Forwarded-Host: a@b', 'X-Forwarded-Host: x, y/z']) {
        const wire = await openWire(server.port)
        await wire.send(`GET /where HTTP/1.1\r\nHost: x\r\n${said}\r\n\r\n`)
        assert.equal(statusOf(await wire.until(/\r\n\r\n./)), 400)
        assert.equal(await wire.closed(), 'closed')
      }
      const twice = await openWire(server.port)
      await twice.send(
        'GET /where HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Host: shop.example\r\n\r\n',
      )
      await twice.until(/http:\/\/shop\.example\/where/)
      twice.leave()
      await server.stop()
    })
  })
}
