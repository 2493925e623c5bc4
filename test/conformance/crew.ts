import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { jsonOf } from './asking.ts'
import { type Started, startApp } from './started.ts'

/** Processes of the conformance app that keep their sessions in one place. */
export interface Crew {
  readonly apps: readonly Started[]
  readonly origins: readonly string[]
  /** Where the first one and the last one answer: the same where there is only one. */
  readonly one: string
  readonly other: string
  /** None of them has ended or was replaced by itself. */
  assertSame(): Promise<void>
  /** Kills the last one, as a crash does, and after a moment starts it again on its port. */
  crash(): Promise<void>
  /** Ends them. All must go in good order. */
  stop(): Promise<void>
}

/** Starts a process of the app on each of these stores, which are ways to the same one. */
export async function startCrew(...addresses: readonly string[]): Promise<Crew> {
  const apps = await Promise.all(addresses.map((address) => startApp({ DEWAR_STORE: address })))
  const origins = apps.map(({ url }) => url)
  return {
    apps,
    origins,
    one: origins[0] ?? '',
    other: origins.at(-1) ?? '',
    async assertSame() {
      const answers = await Promise.all(origins.map((origin) => jsonOf<{ pid: number }>(`${origin}/stats`)))
      assert.deepEqual(
        answers.map(({ pid }) => pid),
        apps.map(({ pid }) => pid),
      )
    },
    async crash() {
      const victim = apps.pop()
      assert.ok(victim)
      process.kill(victim.pid, 'SIGKILL')
      await victim.stop()
      await pause(200)
      apps.push(await startApp({ DEWAR_STORE: addresses.at(-1) ?? '', PORT: `${victim.port}` }))
    },
    async stop() {
      const codes = await Promise.all(apps.map((app) => app.stop()))
      assert.ok(
        codes.every((code) => code === 0),
        codes.join(),
      )
    },
  }
}
