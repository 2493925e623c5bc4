import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { Started } from '../conformance/started.ts'

/** What the app says of itself. */
export interface Statistics {
  readonly pid: number
  /** Files that are still arriving. */
  readonly tmp: number
  /** Open descriptors; `null` where nobody can tell. */
  readonly fds: number | null
}

/** Asks the app what it uses. */
export async function statisticsOf(app: Started): Promise<Statistics> {
  return (await fetch(`${app.url}/stats`)).json()
}

/** The app is the same process, has done nothing, keeps nothing, has nothing to complain of, and answers at once. */
export async function assertUnharmed(app: Started): Promise<void> {
  const begun = performance.now()
  assert.equal(await (await fetch(`${app.url}/health`)).text(), 'ok')
  assert.ok(performance.now() - begun < 1000, 'The next answer took more than a second.')
  assert.equal(await (await fetch(`${app.url}/count`)).text(), '0')
  await eventually(async () => {
    const { pid, tmp } = await statisticsOf(app)
    assert.deepEqual({ pid, tmp }, { pid: app.pid, tmp: 0 })
  })
  assert.equal(app.takeLog(), '')
}

/** Checks until it holds, for about two seconds: what is cleaned up after an answer may take a moment. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt++) {
    try {
      return await check()
    } catch {
      await setTimeout(50)
    }
  }
  await check()
}
