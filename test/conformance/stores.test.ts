import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { cookieFrom, get, itemsOf, jsonOf, post, rowsIn, sessionOf, signIn, userOf } from './asking.ts'
import { type Crew, startCrew } from './crew.ts'
import { keepers, type OpenKeeper } from './keepers.ts'
import { appendWhile, assertKept } from './load.ts'

for (const keeper of keepers) {
  const processes = keeper.processes === 1 ? 'a process' : 'two processes'
  describe(`${processes} of the app with sessions in ${keeper.name}`, { skip: keeper.skip }, () => {
    let kept: OpenKeeper
    let crew: Crew
    let one: string
    let other: string

    before(async () => {
      kept = await keeper.open()
      crew = await startCrew(...Array.from({ length: keeper.processes }, () => kept.address))
      one = crew.one
      other = crew.other
    })
    after(async () => {
      await crew?.stop()
      await kept?.close()
    })
    const byTurns = (turn: number): string => (turn % 2 === 0 ? one : other)

    it('all keep what 20 parallel posts put under different keys', async () => {
      const cookie = await signIn(one, 'ann')
      const numbers = Array.from({ length: 20 }, (_, n) => n)
      const answers = await Promise.all(
        numbers.map((n) => post(`${byTurns(n)}/put`, { k: `k${n}`, v: `${n}` }, cookie)),
      )
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
      const expected = Object.fromEntries(numbers.map((n) => [`k${n}`, `${n}`]))
      for (const each of [one, other]) assert.deepEqual(await sessionOf(each, cookie), expected)
    })

    it('keep 40 of 40 parallel appends', async () => {
      const cookie = await signIn(one, 'ann')
      const numbers = Array.from({ length: 40 }, (_, n) => `${n}`)
      const answers = await Promise.all(numbers.map((n) => post(`${byTurns(Number(n))}/append`, { item: n }, cookie)))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
      assert.deepEqual([...(await itemsOf(one, cookie))].sort(), numbers.toSorted())
    })

    it('keep nothing of a slow request whose session was ended meanwhile', async () => {
      const cookie = await signIn(one, 'bob')
      const rows = await rowsIn(one)
      const answering = get(`${one}/slow?ms=1200&k=late`, cookie)
      await pause(400) // it has begun: had it not, it would begin a session of its own, and say so in a cookie
      const out = await post(`${other}/logout`, {}, cookie)
      assert.match(out.cookies[0] ?? '', /^session=; Max-Age=0/)
      const slow = await answering
      assert.deepEqual([slow.status, slow.cookies], [200, []])
      assert.ok(slow.milliseconds > 1100)
      for (const each of [one, other]) {
        assert.equal(await userOf(each, cookie), null)
        assert.deepEqual(await sessionOf(each, cookie), {})
        assert.equal(await rowsIn(each), rows - 1)
      }
    })

    it('know none of three devices any more when one of them has logged out everywhere', async () => {
      const devices = await Promise.all([0, 1, 2].map((n) => signIn(byTurns(n), 'carol')))
      const [first = '', second = ''] = devices
      const rows = await rowsIn(one)
      assert.equal((await jsonOf<unknown[]>(`${one}/devices`, second)).length, 3)
      assert.equal((await post(`${other}/logout-all`, {}, first)).status, 303)
      for (const each of [one, other]) {
        for (const device of devices) assert.equal(await userOf(each, device), null)
      }
      assert.equal(await rowsIn(one), rows - 3)
    })

    it('know nobody by a cookie from before a login, or from before a logout', async () => {
      const before = await cookieFrom(`${one}/put`, { k: 'a', v: '1' })
      const within = await signIn(one, 'dora', before)
      assert.notEqual(within, before)
      assert.deepEqual(await sessionOf(other, within), { a: '1' })
      const rows = await rowsIn(one)
      const isNobodys = async (cookie: string) => {
        for (const each of [one, other]) {
          assert.deepEqual(await jsonOf(`${each}/me`, cookie), { user: null, id: null })
          assert.deepEqual(await sessionOf(each, cookie), {})
        }
      }
      await isNobodys(before)
      const stranger = await cookieFrom(`${other}/put`, { k: 'a', v: '2' }, before)
      assert.notEqual(stranger.split('.')[0], before.split('.')[0]) // a session of its own
      assert.deepEqual(await sessionOf(one, within), { a: '1' })
      await post(`${other}/logout`, {}, within)
      await isNobodys(within)
      await isNobodys(before)
      assert.equal(await rowsIn(one), rows) // the stranger's more, dora's less
    })

    it('give an anonymous visitor no cookie but with a form, and keep no row', async () => {
      const pages = pagesOf(join(import.meta.dirname, '*.ts'))
      assert.ok(pages.length > 20 && pages.includes('/session') && pages.includes('/upload'), pages.join(' '))
      const rows = await rowsIn(one)
      for (const page of [...pages, '/static/plain.txt', '/nowhere', '/throw?kind=error']) {
        const { status, text, cookies } = await get(`${one}${page}`)
        assert.equal(cookies.length, text.includes('name="_token"') ? 1 : 0, `${page}: ${status}`)
      }
      assert.equal(await rowsIn(one), rows)
    })

    if (keeper.processes === 1) return // what is in its memory goes with it

    it('lose nothing that they have acknowledged when one is killed under load', async () => {
      const cookie = await signIn(other, 'eve')
      const load = await appendWhile(crew.origins, cookie, async () => {
        await pause(400)
        await crew.crash()
        await pause(300)
      })
      assert.ok(load.broken > 0)
      assert.deepEqual(load.refused, [])
      await assertKept(crew.origins, cookie, load)
    })
  })
}

/** The addresses of all pages that the app's source names, but for the one that is there to write. */
function pagesOf(pattern: string): readonly string[] {
  const sources = globSync(pattern).map((path) => readFileSync(path, 'utf8'))
  const named = sources.flatMap((source) => [...source.matchAll(/\bapp\.(?:get|form)\('([^']+)'/g)])
  const paths = new Set(named.map(([, path = '']) => path.replace(/:\w+/, '1')))
  return [...paths].filter((path) => path !== '/slow')
}
