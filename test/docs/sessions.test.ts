import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { browser } from '../../src/testing.ts'
import { dewar } from '../cli/dewar.ts'
import { skipPostgres, startPostgres } from '../store/servers/postgres-server.ts'
import { skipRedis, startRedis } from '../store/servers/redis-server.ts'
import { Programs } from './programs.ts'

describe('docs/sessions.md', () => {
  const programs = new Programs('docs/sessions.md')
  after(() => programs.remove())

  const appOf = (name: string) => programs.app(name)

  it('has programs that compile, and no others', async () => {
    assert.deepEqual(programs.names, ['shop.ts', 'devices.ts', 'with-sqlite.ts', 'with-postgres.ts', 'with-redis.ts'])
    assert.deepEqual(programs.nameless, [])
    assert.equal(await programs.compile(), '')
  })

  it('keeps what a visitor of the shop did', async () => {
    const visitor = browser(await appOf('shop.ts'))
    await visitor.open('/look/tea')
    assert.equal((await visitor.open('/look/cup')).html, '{"seen":["tea","cup"],"visits":2}')
    const shop = await appOf('shop.ts')
    const posted = await shop.fetch(
      new Request('http://localhost/cart/tea', { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } }),
    )
    const cookie = posted.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const cart = await shop.fetch(new Request('http://localhost/cart', { headers: { cookie } }))
    assert.deepEqual(await cart.json(), { cart: [{ sku: 'tea', count: 1 }] })
  })

  it('lists the devices of a person, ends one of them, and then all', async () => {
    const app = await appOf('devices.ts')
    const [laptop, phone] = [browser(app), browser(app)]
    for (const device of [laptop, phone]) {
      const wrong = await (await device.open('/')).fill({ name: 'Ada', password: 'x' }).submit()
      assert.equal(wrong.status, 422)
      await wrong.fill({ password: 'open sesame' }).submit()
    }
    const page = await laptop.open('/devices')
    const actions = [...page.html.matchAll(/action="(\/devices\/[^"]+)"/g)].map(([, action = '']) => action)
    assert.equal(actions.length, 2)
    assert.equal(page.html.match(/this one/g)?.length, 1)

    const [theirs = ''] = await idsOf(phone.open('/devices'))
    const ended = await page.form(`/devices/${theirs}/end`).submit()
    assert.equal(ended.status, 200)
    assert.equal((await phone.open('/devices')).status, 401)

    assert.equal((await (await laptop.open('/devices')).submit('Sign out everywhere')).url, '/')
    assert.equal((await laptop.open('/devices')).status, 401)
  })

  const ready = async (name: string, env: Readonly<Record<string, string>>): Promise<void> => {
    const { folder } = programs
    const store = /with-(\w+)/.exec(name)?.[1]
    const out = `The ${store} store of ${name} is ready.\n`
    assert.deepEqual(await dewar(['sessions', 'init', name], { folder, env }), { code: 0, out, err: '' })
    const none = { code: 0, out: 'Removed 0 rows that were over.\n', err: '' }
    assert.deepEqual(await dewar(['sessions', 'sweep', name], { folder, env }), none)
  }

  it('has a program on SQLite that the command line makes ready', () => ready('with-sqlite.ts', {}))

  it('has one on PostgreSQL', { skip: skipPostgres }, async () => {
    const server = await startPostgres()
    try {
      await ready('with-postgres.ts', { DATABASE_URL: `postgres://app@127.0.0.1:${server.port}/postgres` })
    } finally {
      await server.stop()
    }
  })

  it('has one on Redis', { skip: skipRedis }, async () => {
    const server = await startRedis()
    try {
      await ready('with-redis.ts', { REDIS_URL: server.url })
    } finally {
      await server.stop()
    }
  })
})

/** The ids of the devices that a page marks as this one. */
async function idsOf(opened: Promise<{ readonly html: string }>): Promise<readonly string[]> {
  const items = (await opened).html.split('<li>').filter((item) => item.includes('this one'))
  return items.map((item) => /action="\/devices\/([^/]+)\/end"/.exec(item)?.[1] ?? '')
}
