import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { Crowd } from './crowd.ts'
import { Desk, type Logged, type Started } from './dewar.ts'
import { linesTo, shop } from './shop.ts'

// /order  <form method="post" action="/order"><input type="hidden" name="_token" value="…">
//         <input name="what" required><button>Send</button></form>

const bothWays = [[], ['--workers', '2']]

function deskFor(context: TestContext): Desk {
  const desk = new Desk()
  context.after(() => desk.remove())
  desk.write('shop.ts', shop)
  return desk
}

/** What was ordered, as it is in the database. */
function ordersIn(desk: Desk): readonly string[] {
  const database = new DatabaseSync(join(desk.folder, 'shop.db'), { readOnly: true, timeout: 5000 })
  const rows = database.prepare('SELECT what FROM orders ORDER BY what').all()
  database.close()
  return rows.map(({ what }) => String(what))
}

/** What any process has begun. */
function begunIn(desk: Desk): readonly string[] {
  return readFileSync(join(desk.folder, 'begun.txt'), 'utf8').split('\n').slice(0, -1).toSorted()
}

async function until(isSo: () => boolean): Promise<void> {
  for (const lastMs = performance.now() + 60_000; !isSo(); await wait(10)) {
    if (performance.now() > lastMs) throw new Error(`still not so: ${isSo}`)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const exits = (started: Started): readonly Logged[] => started.log().filter(({ event }) => event === 'worker-exited')

describe('SIGTERM under load', () => {
  for (const words of bothWays) {
    it(`loses no answer and nothing that was done, and exits 0: ${words.join(' ') || 'one process'}`, async (context) => {
      const desk = deskFor(context)
      const started = await desk.start(['shop.ts', ...words])
      const crowd = new Crowd(started.url, { isPatient: false })
      const people = Array.from({ length: 12 }, (_, who) => (who < 9 ? crowd.order(`${who}`) : crowd.look(`${who}`)))
      await until(() => crowd.acknowledged.size >= 30)
      const beganMs = performance.now()
      started.process.kill('SIGTERM')
      const { code } = await started.ended
      assert.ok(performance.now() - beganMs < 30_000)
      await Promise.all(people)
      assert.equal(code, 0)
      assert.deepEqual(begunIn(desk), [...crowd.acknowledged.keys(), ...crowd.looked].toSorted())
      assert.deepEqual(ordersIn(desk), [...crowd.acknowledged.keys()].toSorted())
      assert.equal(new Set(crowd.acknowledged.values()).size, crowd.acknowledged.size)
      assert.deepEqual([crowd.cutShort, crowd.statuses], [0, new Set([200, 303])])
      assert.equal(crowd.processes.size, words.length === 0 ? 1 : 2)
      assert.deepEqual(
        started.log().map(({ event }) => event),
        ['listening', 'stopping', 'stopped'],
      )
    })
  }

  it('at all processes, as a terminal and a service manager send it, is one stop', async (context) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const desk = deskFor(context)
      const started = await desk.start(['shop.ts', '--workers', '2'])
      const lines = await linesTo(started.url)
      const crowd = new Crowd(started.url, { isPatient: false })
      const people = Array.from({ length: 6 }, (_, who) => crowd.look(`${who}`))
      await until(() => crowd.answers >= 6)
      started.process.kill(signal)
      for (const { by, line } of lines) {
        process.kill(by, signal)
        line.destroy()
      }
      const { code } = await started.ended
      await Promise.all(people)
      assert.deepEqual([code, crowd.cutShort], [0, 0])
      assert.ok(lines.every(({ by }) => !isAlive(by)))
    }
  })
})

describe('a worker', () => {
  it('that is killed under load is replaced, and nothing that was acknowledged is lost or done twice', async (context) => {
    const desk = deskFor(context)
    const started = await desk.start(['shop.ts', '--workers', '2'])
    const crowd = new Crowd(started.url, { isPatient: true })
    const people = Array.from({ length: 10 }, (_, who) => crowd.order(`${who}`))
    const killed: number[] = []
    for (let times = 0; times < 4; times++) {
      const enough = crowd.acknowledged.size + 20
      const isAnother = (pid: number): boolean => !killed.includes(pid) && isAlive(pid)
      await until(() => crowd.acknowledged.size >= enough && [...crowd.processes].filter(isAnother).length === 2)
      const [pid = 0] = [...crowd.processes].filter(isAnother)
      process.kill(pid, 'SIGKILL')
      killed.push(pid)
      await until(() => exits(started).length === killed.length)
    }
    crowd.leave()
    await Promise.all(people)
    assert.deepEqual(
      exits(started).map(({ level, pid, code, signal }) => ({ level, pid, code, signal })),
      killed.map((pid) => ({ level: 'error', pid, code: null, signal: 'SIGKILL' })),
    )
    started.process.kill('SIGTERM')
    assert.equal((await started.ended).code, 0)
    assert.deepEqual(ordersIn(desk), [...crowd.acknowledged.keys()].toSorted())
    assert.equal(new Set(crowd.acknowledged.values()).size, crowd.acknowledged.size)
    assert.deepEqual(crowd.statuses, new Set([200, 303]))
  })

  it('that ends again and again is replaced after pauses that grow', async (context) => {
    const desk = deskFor(context)
    desk.write('ends.ts', `${shop}\nsetTimeout(() => process.exit(3), 500)\n`)
    const started = await desk.start(['ends.ts', '--workers', '2'])
    await until(() => exits(started).length >= 8)
    const pauses = exits(started).map(({ restartMs }) => Number(restartMs))
    assert.deepEqual(pauses.toSorted((one, other) => one - other).slice(0, 4), [100, 100, 200, 200])
    assert.ok(exits(started).every(({ code }) => code === 3))
    started.process.kill('SIGTERM')
    assert.equal((await started.ended).code, 0)
  })

  it('does not outlive the process that started it', async (context) => {
    const desk = deskFor(context)
    const started = await desk.start(['shop.ts', '--workers', '2'])
    const lines = await linesTo(started.url)
    started.process.kill('SIGKILL')
    await until(() => lines.every(({ by }) => !isAlive(by)))
    for (const { line } of lines) line.destroy()
  })

  it('that is told to stop alone finishes what it does, and is replaced', async (context) => {
    const desk = deskFor(context)
    const started = await desk.start(['shop.ts', '--workers', '2'])
    const lines = await linesTo(started.url)
    for (const { line } of lines) line.destroy()
    const crowd = new Crowd(started.url, { isPatient: true })
    const people = Array.from({ length: 6 }, (_, who) => crowd.look(`${who}`))
    await until(() => crowd.answers >= 6)
    process.kill(lines[0].by, 'SIGTERM')
    await until(() => [...crowd.processes].filter(isAlive).length === 2 && crowd.processes.size === 3)
    crowd.leave()
    await Promise.all(people)
    assert.deepEqual([crowd.cutShort, begunIn(desk)], [0, crowd.looked.toSorted()])
    assert.deepEqual(
      exits(started).map(({ level, pid, code }) => ({ level, pid, code })),
      [{ level: 'info', pid: lines[0].by, code: 0 }],
    )
    started.process.kill('SIGTERM')
    assert.equal((await started.ended).code, 0)
  })

  it('that cannot stop is ended by a second signal, and the exit code says so', async (context) => {
    const desk = deskFor(context)
    desk.write(
      'stuck.ts',
      `${shop.replace("app.get('/slow/:what'", "app.get('/stuck', () => { for (;;); })\napp.get('/slow/:what'")}`,
    )
    const started = await desk.start(['stuck.ts', '--workers', '2'])
    const lines = await linesTo(started.url)
    for (const { line } of lines) line.destroy()
    const stuck = assert.rejects(fetch(`${started.url}/stuck`))
    await wait(300)
    started.process.kill('SIGTERM')
    await until(() => started.said().includes('"stopping"'))
    started.process.kill('SIGTERM')
    assert.equal((await started.ended).code, 1)
    await stuck
    await until(() => lines.every(({ by }) => !isAlive(by)))
  })
})
