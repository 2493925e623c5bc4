import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, get, post, userOf } from './asking.ts'

/** Two seconds are promised; the rest is for HTTP, and for a machine that does other things too. */
const mostMs = 2500

/** A store that is away was told so in time, and nobody's cookie was taken or replaced for it. */
export function assertAway({ status, cookies, milliseconds, text }: Answer, what: string): void {
  assert.equal(status, 503, `${what}: ${status} ${text}`)
  assert.deepEqual(cookies, [], what)
  assert.ok(milliseconds < mostMs, `${what} took ${Math.round(milliseconds)} ms`)
}

/** Whatever needs the store is answered as it is while there is none, all of it asked at once. */
export async function assertNothingButPublic(origin: string, cookie: string): Promise<void> {
  await Promise.all([assertPublic(origin, cookie), assertNoPages(origin, cookie), assertNoWrites(origin, cookie)])
}

/** Pages that need no session are there at once, for a stranger and for somebody with a session. */
export async function assertPublic(origin: string, cookie: string): Promise<void> {
  const asked = async (path: string) => {
    const [stranger, somebody] = await Promise.all([get(origin + path), get(origin + path, cookie)])
    assert.deepEqual([stranger.status, somebody.status], [200, 200], path)
    assert.deepEqual(somebody.cookies, [], path)
    assert.ok(stranger.milliseconds < 1000, `${path} took ${Math.round(stranger.milliseconds)} ms`)
    assert.ok(somebody.milliseconds < 1000, `${path} with a cookie took ${Math.round(somebody.milliseconds)} ms`)
  }
  await Promise.all(['/health', '/public'].map(asked))
}

async function assertNoPages(origin: string, cookie: string): Promise<void> {
  const pages: [path: string, cookie: string][] = ['/me', '/session', '/has', '/flash', '/devices'].map((path) => [
    path,
    cookie,
  ])
  pages.push(['/stats', '']) // it asks the store by itself: a cookie would have it asked twice, one after the other
  await Promise.all(pages.map(async ([path, by]) => assertAway(await get(origin + path, by), path)))
}

/** Nothing can be written, by somebody with a session or by a new visitor. */
export async function assertNoWrites(origin: string, cookie: string): Promise<void> {
  const writes: [path: string, fields: Record<string, string>, cookie: string][] = [
    ['/append', { item: 'never' }, cookie],
    ['/append', { item: 'never' }, ''],
    ['/login', { user: 'eve', password: 'x' }, cookie],
    ['/login', { user: 'eve', password: 'x' }, ''],
    ['/flash', { message: 'never' }, cookie],
    ['/logout', {}, cookie],
    ['/logout-all', {}, cookie],
    ['/clear', {}, cookie],
  ]
  await Promise.all(writes.map(async ([path, fields, by]) => assertAway(await post(origin + path, fields, by), path)))
}

/** The user of a cookie is signed in again, by itself and soon. */
export async function assertSignedInSoon(origin: string, cookie: string, user: string): Promise<void> {
  for (const untilMs = performance.now() + 5000; performance.now() < untilMs; await pause(50)) {
    const { status, cookies } = await get(`${origin}/me`, cookie)
    if (status === 200) {
      assert.deepEqual(cookies, [])
      assert.equal(await userOf(origin, cookie), user)
      return
    }
    assert.equal(status, 503)
  }
  assert.fail('The app does not recover.')
}
