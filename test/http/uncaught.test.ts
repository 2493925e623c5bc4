import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { toNodeHandler } from '../../src/node.ts'
import { runChild, startChild } from './child.ts'
import { newApp, served } from './served.ts'

describe('an error that nobody catches', () => {
  test('is one line in the log, and the process lives', async () => {
    const child = await startChild(`
      import { EventEmitter } from 'node:events'
      app.get('/', () => 'front')
      app.get('/reject', () => { setTimeout(() => Promise.reject(new Error('secret-xyz\\nsecond line')), 5); return 'ok' })
      app.get('/throw', () => { setTimeout(() => { throw new Error('secret-xyz') }, 5); return 'ok' })
      app.get('/null', () => { Promise.reject(null); return 'ok' })
      app.get('/emit', () => { new EventEmitter().emit('error', new Error('x')); return 'ok' })
      app.get('/emit-late', () => { setTimeout(() => new EventEmitter().emit('error', new Error('x')), 5); return 'ok' })
      await serve(app, { port: 0 })`)
    for (const path of ['/reject', '/throw', '/null', '/emit', '/emit-late'])
      await (await fetch(child.url + path)).text()
    await wait(100)
    assert.equal(await (await fetch(child.url)).text(), 'front')
    const events = child.errors.map((line) => JSON.parse(line).event)
    assert.deepEqual(events.toSorted(), ['request-failed', 'uncaught', 'uncaught', 'uncaught', 'uncaught'])
    child.process.kill('SIGTERM')
    assert.deepEqual(await child.exited, [0, null])
  })

  test('before the server listens ends the process', async () => {
    const child = runChild(`
      setTimeout(() => { throw new Error('early') }, 0)
      await wait(50)
      await serve(app, { port: 0 })`)
    assert.deepEqual(await child.exited, [1, null])
    assert.match(child.errors.join('\n'), /early/)
  })

  test('after the last server has stopped ends the process again', async () => {
    const child = runChild(`
      const [first, second] = [await serve(app, { port: 0 }), await serve(app, { port: 0 })]
      await first.stop()
      setTimeout(() => { throw new Error('between') }, 0)
      await wait(50)
      await second.stop()
      setTimeout(() => { throw new Error('late') }, 0)
      await wait(5000)`)
    assert.deepEqual(await child.exited, [1, null])
    assert.match(child.errors.join('\n'), /"uncaught".*between[\s\S]*late/)
  })

  test('is no concern of toNodeHandler', async () => {
    const counts = (): number[] =>
      ['uncaughtException', 'unhandledRejection', 'SIGTERM'].map((name) => process.listenerCount(name))
    const before = counts()
    const server = createServer(toNodeHandler(newApp())).listen(0)
    await once(server, 'listening')
    assert.deepEqual(counts(), before)
    server.close()
    const own = await served(newApp())
    assert.deepEqual(counts(), [(before[0] ?? 0) + 1, (before[1] ?? 0) + 1, before[2]])
    await own.stop()
    assert.deepEqual(counts(), before)
    const stopped = await served(newApp(), { stopOnSignals: true })
    await stopped.stop()
    assert.deepEqual(counts(), before)
  })

  test('with nobody to read the log does not go round in circles', async () => {
    const child = await startChild(`
      app.get('/', () => 'front')
      app.get('/throw', () => { setTimeout(() => { throw new Error('x'.repeat(100)) }, 5); return 'ok' })
      await serve(app, { port: 0 })`)
    child.process.stderr?.destroy()
    for (let times = 0; times < 5; times++) await (await fetch(`${child.url}/throw`)).text()
    await wait(100)
    assert.equal(await (await fetch(child.url)).text(), 'front')
    child.process.kill('SIGTERM')
    assert.deepEqual(await child.exited, [0, null])
  })
})
