import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { enter } from '../../src/app/dewar.ts'
import { browser } from '../../src/testing.ts'
import { openShop } from './shop.ts'

const paths = [
  '',
  '/',
  '/events',
  '/exchanges/1',
  '/routes',
  '/sessions',
  '/sessions/end',
  '/forget',
  '/inspector.css',
  '/inspector.js',
  '/x',
]
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS']

/** What a request to each page of the inspector came to, by each method: the statuses that there were, each once. */
async function statusesOf(
  ask: (path: string, method: string) => Promise<{ readonly status: number }>,
): Promise<readonly number[]> {
  const found = new Set<number>()
  for (const path of paths) for (const method of methods) found.add((await ask(`/_dewar${path}`, method)).status)
  return [...found].sort()
}

describe('the inspector is not there', () => {
  it('in production', async () => {
    const { url, app } = await openShop({ env: 'production' })
    assert.deepEqual(await statusesOf((path, method) => fetch(url + path, { method })), [404])
    assert.deepEqual(await statusesOf((path, method) => app.fetch(new Request(url + path, { method }))), [404])
  })

  it('for a request from another address', async () => {
    const { url, app } = await openShop()
    const from = (address: string | null, near: boolean) => (path: string, method: string) => {
      const request = new Request(url + path, { method })
      const body = { present: false, read: () => assert.fail('nobody reads it') }
      return enter(app, {
        request,
        url: new URL(request.url),
        body: body as never,
        base: '',
        near: () => near,
        address: () => address,
      })
    }
    assert.deepEqual(await statusesOf(from('192.0.2.7', false)), [404])
    assert.deepEqual(await statusesOf(from(null, true)), [404])
    assert.deepEqual(await statusesOf(from('127.0.0.1', true)), [200, 204, 303, 400, 404, 405])
  })

  it('for a visitor from elsewhere whom a proxy on this machine tells of', async () => {
    const { url } = await openShop({ serve: { trustProxy: 'loopback' } })
    const headers = { 'x-forwarded-for': '192.0.2.7' }
    assert.deepEqual(await statusesOf((path, method) => fetch(url + path, { method, headers })), [404])
    assert.equal((await fetch(`${url}/_dewar`)).status, 200)
  })

  it('for what a proxy on this machine sends on that nobody has named', async () => {
    const { url } = await openShop()
    for (const name of ['via', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']) {
      assert.equal((await fetch(`${url}/_dewar`, { headers: { [name]: '127.0.0.1' } })).status, 404, name)
    }
  })

  it('under a name that is not this machine’s, as a page of another site would ask for it', async () => {
    const { app, url } = await openShop()
    const { port } = new URL(url)
    const asked = await browser(`http://localhost:${port}`).open('/_dewar')
    assert.equal(asked.status, 200)
    const { request } = await import('node:http')
    const statusOf = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asking = request({ host: '127.0.0.1', port, path: '/_dewar', headers: { host } }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
        asking.on('error', reject).end()
      })
    assert.deepEqual([await statusOf('rebound.example'), await statusOf(`127.0.0.1:${port}`)], [404, 200])
    assert.equal((await app.fetch(new Request(`${url}/_dewar`))).status, 404)
  })

  it('for pages of other sites: they can neither read it, nor frame it, nor press its buttons', async () => {
    const { url } = await openShop()
    const page = await fetch(`${url}/_dewar`, { headers: { origin: 'http://localhost:9' } })
    assert.equal(page.headers.get('access-control-allow-origin'), null)
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/)
    assert.equal(page.headers.get('cache-control'), 'no-store')
    const pressed = await fetch(`${url}/_dewar/forget`, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })
    assert.equal(pressed.status, 403)
  })
})
