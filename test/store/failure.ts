import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { DewarError } from '../../src/errors/dewar-error.ts'
import type { Store } from '../../src/index.ts'
import { startStopwatch } from '../stopwatch.ts'
import { quietly } from '../stories/quietly.ts'
import type { StoryStage } from './stories.ts'
import { appOn, ask, cookieFrom, sessionOf } from './story-app.ts'

/** A store that can be switched off, to see what its failure does. */
export function switchable(store: Store): Store & { isDown: boolean } {
  const wrapped = {
    isDown: false,
    name: store.name,
    close: () => store.close(),
  } as Store & { isDown: boolean }
  for (const method of ['prepare', 'begin', 'commit', 'list', 'revoke', 'count', 'sweep'] as const) {
    Object.assign(wrapped, {
      [method]: async (...given: never[]) => {
        if (wrapped.isDown) throw new DewarError('store/unavailable')
        return (store[method] as (...given: never[]) => unknown)(...given)
      },
    })
  }
  return wrapped
}

/** Tells what a store that is down does to an app. */
export function tellOfFailure(name: string, open: () => Promise<StoryStage>): void {
  test(`with ${name} going down in the middle, all who wait to write one session are told at once`, async () => {
    const stage = await open()
    await stage.store.prepare()
    const store = switchable(stage.store)
    const app = appOn(store)
    const cookie = await cookieFrom(app, '/login/ann')
    const commit = store.commit.bind(store)
    store.commit = async (change) => {
      await pause(200) // as a store does that waits in vain for its server
      store.isDown = true
      return commit(change)
    }
    const stop = startStopwatch()
    const answers = await quietly(() => Promise.all([1, 2, 3, 4, 5].map((n) => ask(app, `/push/${n}`, cookie))))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([503]))
    assert.ok(stop() < 400)
    store.commit = commit
    store.isDown = false
    assert.equal((await ask(app, '/push/6', cookie)).status, 200)
    assert.deepEqual((await sessionOf(app, cookie)).items, [6])
    await stage.close()
  })

  test(`with ${name} down, pages without a session are served, nobody is logged out, and it recovers by itself`, async () => {
    const stage = await open()
    await stage.store.prepare()
    const store = switchable(stage.store)
    const app = appOn(store)
    const cookie = await cookieFrom(app, '/login/ann')
    store.isDown = true
    assert.equal((await ask(app, '/public', cookie)).status, 200)
    assert.equal((await ask(app, '/go', cookie)).status, 303)
    for (const path of ['/session', '/push/1', '/login/x', '/page', '/logout']) {
      const answer = await quietly(() => ask(app, path, cookie))
      assert.equal(answer.status, 503, path)
      assert.deepEqual(answer.headers.getSetCookie(), [], path)
    }
    assert.equal((await quietly(() => ask(app, '/push/1'))).status, 503) // a new visitor cannot be remembered
    store.isDown = false
    assert.equal((await sessionOf(app, cookie)).user, 'ann')
    await stage.close()
  })
}
