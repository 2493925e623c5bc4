import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { startChild } from './child.ts'
import { openWire, statusOf } from './raw.ts'
import { newApp, served } from './served.ts'

const program = `
  app.get('/', () => 'front')
  app.get('/slow', async () => { await wait(600); return 'slow' })
  app.get('/never', () => new Promise(() => {}))
  app.post('/upload', async ({ request }) => 'got ' + (await request.bytes()).length)
  await serve(app, { port: 0 })`

describe('a stop', () => {
  test('by SIGTERM lets the request that runs finish, accepts no other, and exits 0', async () => {
    const child = await startChild(program)
    const slow = fetch(`${child.url}/slow`)
    await wait(200)
    child.process.kill('SIGTERM')
    await wait(100)
    await assert.rejects(fetch(`${child.url}/slow`))
    const answer = await slow
    assert.equal(answer.headers.get('connection'), 'close')
    assert.equal(await answer.text(), 'slow')
    assert.deepEqual(await child.exited, [0, null])
    assert.deepEqual(child.errors, [])
  })

  test('by SIGTERM lets an upload finish', async () => {
    const child = await startChild(program)
    const wire = await openWire(child.port)
    await wire.send('POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n')
    for (let at = 0; at < 10; at++) {
      if (at === 3) child.process.kill('SIGTERM')
      await wire.send(new Uint8Array(50_000))
      await wait(60)
    }
    await wire.until(/got 500000/)
    assert.equal(await wire.closed(), 'closed')
    assert.deepEqual(await child.exited, [0, null])
  })

  test('by a second signal exits at once, under load too', async () => {
    const child = await startChild(program)
    const begun = Array.from({ length: 50 }, () => assert.rejects(fetch(`${child.url}/never`)))
    let isOver = false
    const load = Array.from({ length: 10 }, async () => {
      while (!isOver) await fetch(child.url).catch(() => wait(5))
    })
    await wait(300)
    child.process.kill('SIGTERM')
    await wait(100)
    const begin = performance.now()
    child.process.kill('SIGTERM')
    assert.deepEqual(await child.exited, [1, null])
    assert.ok(performance.now() - begin < 1000)
    isOver = true
    await Promise.all([...begun, ...load])
  })

  test('closes idle connections at once', async () => {
    const app = newApp()
    app.get('/', () => 'front')
    const server = await served(app)
    const wire = await openWire(server.port)
    await wire.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await wire.until(/front/)
    const begin = performance.now()
    await server.stop()
    assert.ok(performance.now() - begin < 500)
    assert.equal(await wire.closed(), 'closed')
  })

  test('lets a client read its answer to the end', async () => {
    const app = newApp()
    app.get('/', () => 'x'.repeat(20_000_000))
    const server = await served(app)
    const wire = await openWire(server.port)
    await wire.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await wire.until(/^HTTP/)
    wire.pause()
    await wait(50)
    const stopped = server.stop()
    await wait(300)
    wire.resume()
    await stopped
    assert.equal(await wire.closed(), 'closed')
    assert.ok(wire.receivedBytes > 20_000_000, String(wire.receivedBytes))
  })

  test('does not hang on a connection that throws its rest away, nor on one that is refused', async () => {
    const server = await served(newApp(), { timeouts: { lingerSeconds: 60, lingerIdleSeconds: 60 }, graceSeconds: 0.5 })
    const rest = await openWire(server.port)
    await rest.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nabc')
    await rest.until(/\r\n\r\n./)
    const little = await openWire(server.port)
    await little.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc')
    await little.until(/\r\n\r\n./)
    const noise = await openWire(server.port)
    await noise.send('noise\r\n\r\n')
    assert.equal(statusOf(await noise.until(/\r\n\r\n./)), 400)
    const half = await openWire(server.port)
    await half.send('GET / HTTP/1.1\r\nHo')
    const begin = performance.now()
    await server.stop()
    assert.ok(performance.now() - begin < 2000, String(performance.now() - begin))
    for (const wire of [rest, little, noise, half]) wire.leave()
  })

  test('asked for twice is one stop', async () => {
    const server = await served(newApp())
    await Promise.all([server.stop(), server.stop()])
    await server.stop()
  })

  test('that fails is said, and exits with 1 rather than not at all', async () => {
    const child = await startChild(`
      process.getBuiltinModule('node:net').Server.prototype.close = () => { throw new Error('no way to close') }
      await serve(app, { port: 0 })`)
    child.process.kill('SIGTERM')
    assert.deepEqual(await child.exited, [1, null])
    assert.match(child.errors.join(''), /no way to close/)
  })

  test('of two servers by one signal waits for both', async () => {
    const child = await startChild(`
      app.get('/slow', async () => { await wait(600); return 'slow' })
      await serve(new Dewar(), { port: 0, quiet: true })
      await serve(app, { port: 0 })`)
    const slow = fetch(`${child.url}/slow`)
    await wait(200)
    child.process.kill('SIGTERM')
    assert.equal(await (await slow).text(), 'slow')
    assert.deepEqual(await child.exited, [0, null])
  })
})
