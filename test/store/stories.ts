import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Store } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { quietly } from '../stories/quietly.ts'
import { appOn, ask, cookieFrom, type StoryApp, sessionOf } from './story-app.ts'

const daySeconds = 24 * 60 * 60

/** What a stage for the stories gives: a store, as often as there are processes, and its end. */
export interface StoryStage {
  readonly store: Store
  /** The same data, by another connection. */
  other(): Promise<Store>
  close(): Promise<void>
}

/** What the stories happen in. */
interface Hall {
  stage: StoryStage
  app: StoryApp
  /** The same app in another process, as it were. */
  another: StoryApp
}

/** Tells what holds for the sessions of an app, whatever its store. */
export function tellStories(
  name: string,
  { skip, open }: { skip?: string | false; open(): Promise<StoryStage> },
): void {
  describe(`sessions kept in ${name}`, { skip: skip ?? false }, () => {
    const hall = {} as Hall // filled before the first story

    before(async () => {
      hall.stage = await open()
      await hall.stage.store.prepare()
      hall.app = appOn(hall.stage.store)
      hall.another = appOn(await hall.stage.other())
    })
    after(() => hall.stage.close())

    tellOfVisitors(hall)
    tellOfCrowds(hall)
    tellOfEnds(hall)
    tellOfDevices(hall)
    tellOfTime(hall)
  })
}

function tellOfVisitors(hall: Hall): void {
  test('an anonymous visitor has no cookie and no row, and neither has one with a cookie of nobody', async () => {
    const { app } = hall
    const before = await app.sessions.count()
    const forged = `session=${'a'.repeat(22)}.${'b'.repeat(32)}`
    for (const cookie of ['', 'session=x', forged]) {
      const answer = await ask(app, '/session', cookie)
      assert.deepEqual(answer.headers.getSetCookie(), [])
      assert.deepEqual(await answer.json(), { user: null, id: null })
    }
    assert.notEqual(await cookieFrom(app, '/push/1', forged), forged) // a new one, not the one that was asked for
    assert.equal(await app.sessions.count(), before + 1)
  })

  test('what one request keeps another one finds, in another process too', async () => {
    const { app, another } = hall
    const cookie = await cookieFrom(app, '/push/7')
    await ask(another, '/when', cookie)
    const { items, visits, when } = await sessionOf(app, cookie)
    assert.deepEqual([items, visits, when], [[7], 1, new Date(0).toISOString()])
  })

  test('a page with a form and its visitor find each other again', async () => {
    const { app } = hall
    const visitor = browser(app)
    await visitor.open('/push/3')
    assert.match((await visitor.open('/session')).html, /"items":\[3\]/)
  })
}

function tellOfCrowds(hall: Hall): void {
  test('20 parallel requests that set different keys all keep theirs', async () => {
    const { app, another } = hall
    const cookie = await cookieFrom(app, '/push/0')
    await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n % 2 === 0 ? app : another, `/put/${n}`, cookie)))
    const kept = await sessionOf(app, cookie)
    for (let n = 0; n < 20; n++) assert.equal(kept[`key-${n}`], n)
  })

  test('40 parallel requests that push and count keep 40', async () => {
    const { app, another } = hall
    const cookie = await cookieFrom(app, '/put/1')
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ask(n % 2 === 0 ? app : another, `/push/${n}`, cookie)),
    )
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    const { items, visits } = (await sessionOf(app, cookie)) as { items: number[]; visits: number }
    assert.deepEqual(
      items.toSorted((one, two) => one - two),
      Array.from({ length: 40 }, (_, n) => n),
    )
    assert.equal(visits, 40)
  })

  test('update and remove work on the value that is there', async () => {
    const { app } = hall
    const cookie = await cookieFrom(app, '/push/2')
    await ask(app, '/push/3', cookie)
    await ask(app, '/update', cookie)
    assert.deepEqual((await sessionOf(app, cookie)).items, [6])
  })

  test('a strict set tells the second of two that it came too late, and keeps nothing of it', async () => {
    const { app } = hall
    const cookie = await cookieFrom(app, '/push/1')
    const answers = await quietly(() => Promise.all(['a', 'b'].map((name) => ask(app, `/strict/${name}`, cookie))))
    const statuses = answers.map(({ status }) => status).sort()
    const winner = answers[0]?.status === 200 ? 'a' : 'b'
    if (statuses.join() === '200,409') assert.equal((await sessionOf(app, cookie)).name, winner)
    else assert.deepEqual(statuses, [200, 200]) // one after the other: then the second has seen the first
  })
}

function tellOfEnds(hall: Hall): void {
  test('a logout wins over a request that began before it and ends after it', async () => {
    const { app, another } = hall
    const cookie = await cookieFrom(app, '/login/ann', await cookieFrom(app, '/push/1'))
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let begun = (): void => {}
    const hasBegun = new Promise<void>((resolve) => (begun = resolve))
    app.get('/slow', async ({ session }) => {
      session.set('name', 'slow')
      begun()
      await held
      return 'ok'
    })
    const slow = ask(app, '/slow', cookie)
    await hasBegun
    const before = await app.sessions.count()
    await ask(another, '/logout', cookie)
    release()
    const answer = await slow
    assert.deepEqual([answer.status, answer.headers.getSetCookie()], [200, []])
    assert.deepEqual(await sessionOf(app, cookie), { user: null, id: null })
    assert.equal(await app.sessions.count(), before - 1)
  })

  test('a login keeps what was there, and the cookie from before it opens nothing', async () => {
    const { app } = hall
    const before = await cookieFrom(app, '/push/5')
    const after = await cookieFrom(app, '/login/bob', before)
    assert.notEqual(after, before)
    assert.deepEqual((await sessionOf(app, after)).items, [5])
    assert.deepEqual(await sessionOf(app, before), { user: null, id: null })
    await ask(app, '/logout', after)
    assert.deepEqual(await sessionOf(app, after), { user: null, id: null })
  })
}

function tellOfDevices(hall: Hall): void {
  test('three devices are listed, and log out everywhere ends all of them with the next request', async () => {
    const { app, another } = hall
    const devices = await Promise.all([0, 1, 2].map(() => cookieFrom(app, '/login/carol')))
    const listed = await app.sessions.list('carol')
    assert.equal(listed.length, 3)
    assert.deepEqual(listed[0] && Object.keys(listed[0]), [
      'id',
      'user',
      'firstSeen',
      'lastSeen',
      'userAgent',
      'address',
    ])
    assert.equal(listed[0]?.userAgent, 'Test/1.0')
    assert.equal(await (await ask(another, '/others', devices[0])).text(), '2')
    assert.equal((await sessionOf(app, devices[0] ?? '')).user, 'carol')
    assert.equal((await sessionOf(app, devices[1] ?? '')).user, null)
    assert.equal(await (await ask(another, '/everywhere', devices[0])).text(), '1')
    for (const device of devices) assert.equal((await sessionOf(app, device)).user, null)
    assert.deepEqual(await app.sessions.list('carol'), [])
  })

  test('one session can be ended by its id', async () => {
    const { app } = hall
    const cookie = await cookieFrom(app, '/login/dora')
    const { id } = await sessionOf(app, cookie)
    assert.equal(await app.sessions.revoke(String(id)), true)
    assert.equal(await app.sessions.revoke(String(id)), false)
    assert.equal((await sessionOf(app, cookie)).user, null)
  })

  test('ids and names that nobody can have are those of nobody', async () => {
    const { app } = hall
    await cookieFrom(app, '/login/dave')
    for (const text of ['', 'x', 'a\0', 'a\ud800', 'dave\0']) {
      assert.equal(await app.sessions.revoke(text), false)
      assert.deepEqual(await app.sessions.list(text), [])
      assert.equal(await app.sessions.revokeAll(text), 0)
    }
    assert.equal(await app.sessions.revokeAll('dave', { except: 'a\0' }), 1)
  })
}

function tellOfTime(hall: Hall): void {
  test('a handler that fails changes nothing', async () => {
    const { app } = hall
    const cookie = await cookieFrom(app, '/push/1')
    await ask(app, '/broken', cookie)
    assert.equal((await sessionOf(app, cookie)).name, undefined)
  })

  test('a session that is only looked at is written when 5 % of its idle time has passed, and not before', async () => {
    const { stage } = hall
    let nowMilliseconds = Date.now()
    const aging = appOn(stage.store, { now: () => nowMilliseconds })
    const cookie = await cookieFrom(aging, '/login/eve')
    const lastSeen = async (): Promise<number> => (await aging.sessions.list('eve'))[0]?.lastSeen.getTime() ?? 0
    const first = await lastSeen()
    nowMilliseconds += 0.6 * daySeconds * 1000
    assert.deepEqual((await ask(aging, '/session', cookie)).headers.getSetCookie(), [])
    assert.equal(await lastSeen(), first)
    nowMilliseconds += 0.2 * daySeconds * 1000
    assert.match((await ask(aging, '/session', cookie)).headers.getSetCookie()[0] ?? '', /Max-Age=1209600/)
    assert.ok((await lastSeen()) > first)
    nowMilliseconds += 15 * daySeconds * 1000
    assert.equal((await sessionOf(aging, cookie)).user, null)
  })
}
