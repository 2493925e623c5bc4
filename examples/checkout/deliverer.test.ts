import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { deliver, deliverEachSecond, type Send } from './deliverer.ts'
import { appendTo } from './mail-file.ts'
import { type Mail, openOutbox, writeMail } from './outbox.ts'

describe('delivering', () => {
  let folder: string
  let file: string
  let mailFile: string
  let database: DatabaseSync

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'checkout-'))
    file = join(folder, 'checkout.db')
    mailFile = join(folder, 'mail.jsonl')
    database = new DatabaseSync(file, { timeout: 1000 })
    openOutbox(database)
  })
  afterEach(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })

  const write = (to: string): void => writeMail(database, { to, subject: 'Your order', text: 'Dear Ada,\nthank you.' })
  const sent = (): Mail[] => readMails(mailFile)

  /** A process that delivers and is killed, by a real signal, at this place of sending. */
  const deliverAndDie = async (place: 'before' | 'after'): Promise<void> => {
    const program = `
      import { DatabaseSync } from 'node:sqlite'
      import { deliver } from ${JSON.stringify(new URL('deliverer.ts', import.meta.url).href)}
      import { appendTo } from ${JSON.stringify(new URL('mail-file.ts', import.meta.url).href)}
      const append = appendTo(process.argv[2])
      const send = async (mail) => {
        if (process.argv[3] === 'after') await append(mail)
        process.kill(process.pid, 'SIGKILL')
        await new Promise(() => setInterval(() => {}, 1000))
      }
      await deliver({ database: new DatabaseSync(process.argv[1]), send })`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program, file, mailFile, place])
    const [, signal] = await once(child, 'exit')
    assert.equal(signal, 'SIGKILL')
  }

  const send = (mail: Mail): Promise<void> => appendTo(mailFile)(mail)
  const minuteLater = (): number => Date.now() + 61_000

  it('appends each mail once, in the order in which they were written', async () => {
    for (const to of ['ada', 'bob', 'eve']) write(to)
    assert.equal(await deliver({ database, send }), 3)
    assert.equal(await deliver({ database, send, now: minuteLater }), 0)
    assert.deepEqual(
      sent().map(({ to, subject, text }) => [to, subject, text]),
      ['ada', 'bob', 'eve'].map((to) => [to, 'Your order', 'Dear Ada,\nthank you.']),
    )
    for (const { id } of sent()) assert.match(id, /^<[\w-]{36}@print-room\.example>$/)
  })

  it('by a process that is killed after sending sends that mail once more, with the same id, and the next ones once', async () => {
    write('ada')
    write('bob')
    await deliverAndDie('after')
    assert.deepEqual(
      sent().map(({ to }) => to),
      ['ada'],
    )
    assert.equal(await deliver({ database, send }), 1) // Ada's may still be at it
    assert.equal(await deliver({ database, send, now: minuteLater }), 1)
    assert.equal(await deliver({ database, send, now: () => minuteLater() + 61_000 }), 0)
    const [first, bob, again] = sent()
    assert.deepEqual([first?.to, bob?.to, again?.to, sent().length], ['ada', 'bob', 'ada', 3])
    assert.deepEqual(again, first)
    assert.notEqual(bob?.id, first?.id)
  })

  it('by a process that is killed before sending loses no mail', async () => {
    write('ada')
    await deliverAndDie('before')
    assert.deepEqual(sent(), [])
    assert.equal(await deliver({ database, send, now: minuteLater }), 1)
    assert.deepEqual(
      sent().map(({ to }) => to),
      ['ada'],
    )
  })

  it('by several at once sends each mail once', async () => {
    for (let mail = 0; mail < 30; mail++) write(`${mail}`)
    const slowly: Send = async (mail) => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      await send(mail)
    }
    const others = [1, 2, 3].map(() => new DatabaseSync(file, { timeout: 1000 }))
    const counts = await Promise.all(others.map((other) => deliver({ database: other, send: slowly })))
    for (const other of others) other.close()
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      30,
    )
    assert.equal(new Set(sent().map(({ id }) => id)).size, 30)
    assert.equal(sent().length, 30)
    assert.ok(
      counts.every((count) => count > 0),
      counts.join(),
    )
  })

  it('that fails is told of, and is tried again when the lease is over', async () => {
    write('ada')
    const refuse: Send = async () => {
      throw new Error('The mail server is away.')
    }
    await assert.rejects(deliver({ database, send: refuse }), /The mail server is away\./)
    assert.equal(await deliver({ database, send, now: minuteLater }), 1)
  })

  it('each second sends what is written meanwhile, goes on after a failure, and ends when it is stopped', async () => {
    const failures: unknown[] = []
    let isAway = true
    const sometimes: Send = async (mail) => {
      if (isAway) throw new Error('away')
      await send(mail)
    }
    write('ada')
    const rounds = deliverEachSecond({ database, send: sometimes, leaseSeconds: 0 }, (error) => {
      failures.push(error)
      isAway = false
    })
    const untilMs = Date.now() + 20_000
    while (sent().length === 0 && Date.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 50))
    await rounds.stop()
    assert.deepEqual([failures.length, sent().length], [1, 1])
    write('bob')
    await new Promise((resolve) => setTimeout(resolve, 1200))
    assert.equal(sent().length, 1)
  })
})

/** The mails in a file, as far as their lines are whole: one may be at its end. */
function readMails(path: string): Mail[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line))
}
