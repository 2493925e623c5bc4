import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, ask, DevDesk, type Developing, isAlive, until } from './developing.ts'

/** An app with zod, a SQLite store and a module of its own, that says what `word.ts` does. */
const app = `
  import { DatabaseSync } from 'node:sqlite'
  import { Dewar, form, html, redirect } from 'dewar'
  import { sqlite } from 'dewar/sqlite'
  import * as z from '${import.meta.resolve('zod')}'
  import { word } from './word.ts'

  const database = new DatabaseSync('app.db')
  database.exec('CREATE TABLE IF NOT EXISTS orders(tea TEXT)')
  const app = new Dewar({ store: sqlite(database) })
  const order = form(z.object({ tea: z.string().min(1) }))
  app.get('/', () => html\`<!doctype html><title>Tea</title><body><h1>\${word}</h1></body>\`)
  app.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 600))
    return word
  })
  app.get('/ends', () => process.exit(7))
  app.get('/count', ({ session }) => {
    session.set('count', (session.get('count') ?? 0) + 1)
    return String(session.get('count'))
  })
  app.get('/writes', () => {
    for (let times = 0; times < 50; times++) database.exec("INSERT INTO orders VALUES ('green')")
    return 'written'
  })
  app.get('/events', () => new Response(new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode('data: 1\\n\\n')) }), {
    headers: { 'content-type': 'text/event-stream' },
  }))
  app.form('/order', order, { view: ({ form }) => html\`<h1>Order</h1>\${form}\`, submit: () => redirect('/') })
  export default app
`

function deskFor(context: TestContext): DevDesk {
  const desk = new DevDesk()
  context.after(() => desk.remove())
  desk.write('app.ts', app)
  say(desk, 'one')
  return desk
}

function say(desk: DevDesk, word: string): void {
  desk.write('word.ts', `export const word = '${word}'\n`)
}

const page = { accept: 'text/html', 'sec-fetch-dest': 'document' }
const reloads = ({ out }: Developing): number => out.split('\n').filter((line) => line.startsWith('reloaded ')).length

describe('dewar dev', () => {
  it('says where the app and the inspector are, and which file it is', async (context) => {
    const developing = await deskFor(context).dev(['app.ts'])
    assert.match(await developing.page(), /<h1>one<\/h1>/)
    const [first, second, third] = developing.out.split('\n')
    assert.equal(first, 'dewar dev app.ts')
    assert.match(second ?? '', /^ {2}app {8}http:\/\/127\.0\.0\.1:\d+$/)
    assert.equal(third, `  inspector  ${developing.url}/_dewar`)
    assert.equal(developing.err, '')
  })

  it('answers with the new code after a file of the app is saved, in less than a second', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    const took: number[] = []
    for (let times = 0; times < 10; times++) {
      await developing.untilSpare()
      const began = performance.now()
      say(desk, `word ${times}`)
      await developing.until(`word ${times}`)
      took.push(performance.now() - began)
    }
    const median = took.toSorted((one, other) => one - other)[5] ?? Number.NaN
    console.log(`save to answer: ${took.map(Math.round).join(', ')} ms; median ${Math.round(median)} ms`)
    assert.ok(median < 1000, `${median} ms`)
    assert.match(developing.out, /\nreloaded word\.ts in \d+ ms\n/)
    assert.equal(reloads(developing), 10)
  })

  it('refuses no request and fails none while it loads the app again and again, and answers none with old code', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    let isOver = false
    const answers: { readonly asked: number; readonly answer: Answer }[] = []
    const people = Array.from({ length: 12 }, async () => {
      while (!isOver) {
        const asked = performance.now()
        answers.push({ asked, answer: await ask(developing.url) })
      }
    })
    const saves: number[] = []
    for (let times = 0; times < 6; times++) {
      await wait(300 + times * 100)
      say(desk, `word-${times}`)
      saves.push(performance.now())
    }
    await developing.until('word-5')
    isOver = true
    await Promise.all(people)
    assert.ok(answers.length > 50, `${answers.length}`)
    assert.deepEqual(new Set(answers.map(({ answer }) => answer.status)), new Set([200]))
    const noticedMs = 400 // from a save until it is noticed, on a machine that is busy
    for (const { asked, answer } of answers) {
      const latest = saves.findLastIndex((save) => save + noticedMs < asked)
      const word = /<h1>(?:word-(\d)|one)<\/h1>/.exec(answer.text)?.[1] ?? '-1'
      assert.ok(Number(word) >= latest, `asked after save ${latest}, answered ${word}`)
    }
  })

  it('lets a request that runs finish, and holds a new one until there is new code', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    await developing.untilSpare()
    const slow = developing.page('/slow')
    await wait(200)
    say(desk, 'two')
    await until(() => developing.processes.length > 2 || reloads(developing) > 0 || developing.out.includes('reloaded'))
    assert.match(await developing.page(), /two/)
    assert.equal(await slow, 'one')
  })

  it('is not held by a stream of events', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    const stream = await fetch(`${developing.url}/events`)
    const [old = 0] = developing.processes
    await developing.untilSpare()
    say(desk, 'two')
    const began = performance.now()
    assert.equal(await stream.text(), 'data: 1\n\n') // it ends, whole
    await until(() => !isAlive(old))
    assert.ok(performance.now() - began < 1500)
  })

  it('shows a syntax error with file, line and source, and goes on when it is mended', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    desk.write('word.ts', "// a comment\nexport const word == 'two'\n")
    const shown = await developing.until('The app does not run.', '/', page)
    assert.equal((await developing.ask('/', page)).status, 500)
    assert.match(shown, /word\.ts/)
    assert.match(shown, /a comment/)
    assert.match(shown, /<script src="\/_dewar\/reload\.js" data-run="[\w-]+" data-method="GET" defer><\/script>/)
    assert.match(developing.err, /^word\.ts:2: SyntaxError: .*\nWaiting for a change\.\n$/)
    say(desk, 'three')
    await developing.until('three')
  })

  it('waits for an app that is broken from the start', async (context) => {
    const desk = deskFor(context)
    desk.write('word.ts', "throw new Error('not yet')\nexport const word = 1\n")
    const developing = await desk.dev(['app.ts'])
    const shown = await developing.until('The app does not run.', '/', page)
    assert.match(shown, /not yet/)
    say(desk, 'now')
    await developing.until('now')
    assert.match(developing.err, /^word\.ts:1: Error: not yet\n/)
  })

  it('goes on when a module that was missing is there', async (context) => {
    const desk = deskFor(context)
    rmSync(join(desk.folder, 'word.ts'))
    desk.write('app.ts', app.replace('./word.ts', './words/word.ts'))
    const developing = await desk.dev(['app.ts'])
    await developing.until('The app does not run.')
    assert.match(developing.err, /Cannot find module .*words\/word\.ts/)
    mkdirSync(join(desk.folder, 'words'))
    desk.write('words/word.ts', "export const word = 'found'\n")
    await developing.until('found')
  })

  it('says that there is no default export, and goes on when there is', async (context) => {
    const desk = deskFor(context)
    desk.write('app.ts', app.replace('export default app', ''))
    const developing = await desk.dev(['app.ts'])
    await until(() => developing.err.includes('Waiting'))
    assert.equal(
      developing.err,
      'app.ts has no default export that is a Dewar app. Write: export default app\nWaiting for a change.\n',
    )
    desk.write('app.ts', app)
    await developing.until('one')
  })

  it('refuses a file that serves its app itself, until it does not', async (context) => {
    const desk = deskFor(context)
    desk.write('app.ts', `import { serve } from 'dewar/node'\n${app}\nserve(app, { port: 0, quiet: true })\n`)
    const developing = await desk.dev(['app.ts'])
    await until(() => developing.err.includes('Waiting'))
    assert.match(
      developing.err,
      /^app\.ts serves its app itself\. Take serve\(app\) out of it, or run it without dewar: node app\.ts\n/,
    )
    desk.write('app.ts', app)
    await developing.until('one')
  })

  it('refuses one that waits for its server on the port of dewar dev in the same words', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    const { port } = new URL(developing.url)
    desk.write('app.ts', `import { serve } from 'dewar/node'\n${app}\nawait serve(app, { port: ${port} })\n`)
    await until(() => developing.err.includes('Waiting'))
    assert.equal(
      developing.err,
      'app.ts serves its app itself. Take serve(app) out of it, or run it without dewar: node app.ts\nWaiting for a change.\n',
    )
  })

  it('loads the app again when an editor replaces a file', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    desk.write('word.ts~', "export const word = 'replaced'\n")
    renameSync(join(desk.folder, 'word.ts~'), join(desk.folder, 'word.ts'))
    await developing.until('replaced')
    assert.equal(reloads(developing), 1)
  })

  it('does nothing when the app writes its own files, nor when a file is only touched by its neighbours', async (context) => {
    const desk = deskFor(context)
    mkdirSync(join(desk.folder, 'uploads'))
    writeFileSync(join(desk.folder, 'uploads/dog.png'), 'x')
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    const [first] = developing.processes
    assert.equal(await developing.page('/writes'), 'written')
    for (const name of ['uploads/cat.png', 'uploads/dog.png', 'cat.png', 'notes.txt', 'other.ts', 'app.log']) {
      writeFileSync(join(desk.folder, name), 'x')
    }
    await wait(200)
    writeFileSync(join(desk.folder, 'cat.png'), 'more of it')
    await wait(500)
    assert.equal(developing.processes[0], first)
    assert.doesNotMatch(developing.out, /reloaded|sent/)
    assert.equal(developing.err, '')
  })

  it('tells open pages that a style sheet has changed, without loading the app again', async (context) => {
    const desk = deskFor(context)
    mkdirSync(join(desk.folder, 'static'))
    writeFileSync(join(desk.folder, 'static/style.css'), 'h1 { color: teal }')
    const developing = await desk.dev(['app.ts'])
    const before = runIn(await developing.until('one', '/', page))
    const [first] = developing.processes
    writeFileSync(join(desk.folder, 'static/style.css'), 'h1 { color: navy }')
    await until(() => developing.out.includes('sent static/style.css to open pages in '))
    assert.notEqual(runIn(await developing.page('/', page)), before)
    assert.ok(developing.processes.includes(first ?? 0))
    assert.equal(reloads(developing), 0)
  })

  it('says once that the system watches no more folders, and serves all the same', async (context) => {
    const desk = deskFor(context)
    for (const name of ['pictures', 'styles']) mkdirSync(join(desk.folder, name))
    const scarce = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; const { watch } = fs;
      fs.watch = (folder, ...rest) => {
        if (/s$/.test(folder)) throw Object.assign(new Error('ENOSPC: no more'), { code: 'ENOSPC' });
        return watch(folder, ...rest);
      };
      syncBuiltinESMExports()`
    const url = `data:text/javascript,${encodeURIComponent(scarce)}`
    const developing = await desk.dev(['app.ts'], { NODE_OPTIONS: `--import "${url}"` })
    await developing.until('one')
    say(desk, 'two')
    await developing.until('two')
    const said =
      /^dewar: Saves in (?:pictures|styles) are not noticed, and perhaps in others: .*ENOSPC: no more\. Raise .*\n$/
    assert.match(developing.err, said)
  })

  it('reads .env again when it changes', async (context) => {
    const desk = deskFor(context)
    desk.write('word.ts', 'export const word = `${process.env.TEA} ${process.env.CUP}`\n')
    writeFileSync(join(desk.folder, '.env'), 'TEA=green\nCUP=small\n')
    const developing = await desk.dev(['app.ts'], { CUP: 'large' })
    await developing.until('green large')
    await developing.untilSpare()
    writeFileSync(join(desk.folder, '.env'), 'TEA=black\nCUP=small\n')
    await developing.until('black large')
  })

  it('loads a package as it is at the time of the save, not as it was when the next process was prepared', async (context) => {
    const desk = deskFor(context)
    mkdirSync(join(desk.folder, 'node_modules/pack'), { recursive: true })
    const manifest = { name: 'pack', type: 'module', sideEffects: false, exports: './index.js' }
    desk.write('node_modules/pack/package.json', JSON.stringify(manifest))
    desk.write('node_modules/pack/index.js', "export { inner } from './inner.js'\n")
    desk.write('node_modules/pack/inner.js', "export const inner = 'old'\n")
    desk.write('word.ts', "import { inner } from 'pack'\nexport const word = `one ${inner}`\n")
    const developing = await desk.dev(['app.ts'])
    await developing.until('one old')
    await developing.untilSpare()
    desk.write('node_modules/pack/inner.js', "export const inner = 'new'\n")
    desk.write('word.ts', "import { inner } from 'pack'\nexport const word = `two ${inner}`\n")
    assert.match(await developing.until('<h1>two'), /<h1>two new</)
  })

  it('shows that the app ended its process, does not start it again and again, and goes on with the next change', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    await assert.rejects(developing.ask('/ends'))
    const shown = await developing.until('The app does not run.', '/', page)
    assert.match(shown, /The app ended its process with code 7\./)
    await wait(500)
    assert.equal(developing.err, 'The app ended its process with code 7.\nWaiting for a change.\n')
    say(desk, 'two')
    await developing.until('two')
    desk.write('word.ts', 'process.exit(3)\nexport const word = 1\n')
    await developing.until('ended its process with code 3')
    say(desk, 'three')
    await developing.until('three')
  })

  it('answers what had come to an app that ended its process before it looked', async (context) => {
    const desk = deskFor(context)
    const blocks =
      "app.get('/blocks', () => { const end = Date.now() + 1500; while (Date.now() < end); process.exit(1) })"
    desk.write('app.ts', app.replace('export default app', `${blocks}\nexport default app`))
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    const blocking = assert.rejects(developing.ask('/blocks'))
    await wait(500)
    const answers = await Promise.all([developing.ask(), developing.ask(), developing.ask('/', page)])
    await blocking
    assert.deepEqual(
      answers.map(({ status }) => status),
      [500, 500, 500],
    )
    assert.match(answers[2]?.text ?? '', /The app ended its process with code 1\./)
    assert.equal(developing.err, 'The app ended its process with code 1.\nWaiting for a change.\n')
  })

  it('takes the place of an app in an endless loop with the next change', async (context) => {
    const desk = deskFor(context)
    desk.write(
      'app.ts',
      app.replace('export default app', "app.get('/loops', () => { for (;;); })\nexport default app"),
    )
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    const [old = 0] = developing.processes
    const stuck = assert.rejects(developing.ask('/loops'))
    await wait(200)
    say(desk, 'two')
    await developing.until('two')
    await until(() => !isAlive(old))
    await stuck
  })

  it('shows that an app in an endless loop is not loaded, ends it, and goes on when it is mended', async (context) => {
    const desk = deskFor(context)
    desk.write('word.ts', 'for (;;);\nexport const word = 1\n')
    const developing = await desk.dev(['app.ts'])
    await until(() => developing.processes.length === 1)
    const [looping = 0] = developing.processes
    const { status, text } = await developing.ask('/', page)
    assert.equal(status, 500)
    assert.match(text, /app\.ts is still loading after 11 seconds and lets nothing else run\./)
    assert.match(
      developing.err,
      /^app\.ts is still loading [^\n]+ Is it in an endless loop\?\nWaiting for a change\.\n$/,
    )
    await until(() => !isAlive(looping))
    say(desk, 'two')
    await developing.until('two')
  })

  it('keeps sessions when it loads the app again, though there is no DEWAR_SECRET', async (context) => {
    const desk = deskFor(context)
    desk.write('app.ts', app.replace('{ store: sqlite(database) }', '')) // sealed into cookies, by the secret
    const developing = await desk.dev(['app.ts'], { DEWAR_SECRET: undefined })
    const first = await developing.ask('/count')
    assert.equal(first.text, '1')
    const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    say(desk, 'two')
    await developing.until('two')
    assert.equal(await developing.page('/count', { cookie }), '2')
    assert.equal(
      developing.err,
      'dewar: DEWAR_SECRET is not set. A random secret serves until dewar dev ends; then sessions in cookies are lost.\n',
    )
  })

  it('gives the app development, and says so where the environment says production', async (context) => {
    const desk = deskFor(context)
    desk.write('word.ts', 'export const word = `${process.env.DEWAR_ENV} ${process.env.NODE_ENV}`\n')
    const unsaid = await desk.dev(['app.ts'])
    await unsaid.until('<h1>development development</h1>')
    assert.equal(unsaid.err, '')
    const said = await desk.dev(['app.ts'], { NODE_ENV: 'production', DEWAR_ENV: 'production' })
    await said.until('<h1>development development</h1>')
    assert.equal(
      said.err,
      'dewar: DEWAR_ENV and NODE_ENV said production. dewar dev is for development: the app gets development.\n',
    )
    const other = await desk.dev(['app.ts'], { NODE_ENV: 'test' })
    await other.until('<h1>development test</h1>')
  })
})

describe('the end of dewar dev', () => {
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM']
  for (const signal of signals) {
    it(`comes with ${signal} within a moment, with code 0, and leaves no process`, async (context) => {
      const desk = deskFor(context)
      const developing = await desk.dev(['app.ts'])
      await developing.until('one')
      await developing.untilSpare()
      const stream = await fetch(`${developing.url}/events`)
      const silent = connect(Number(new URL(developing.url).port), '127.0.0.1')
      await once(silent, 'connect')
      const slow = developing.ask('/slow').catch(() => null)
      await wait(100)
      const processes = developing.processes
      const began = performance.now()
      developing.process.kill(signal)
      assert.equal((await developing.ended).code, 0)
      assert.ok(performance.now() - began < 1500)
      await stream.text().catch(() => '')
      await slow
      silent.destroy()
      assert.equal(processes.length, 2)
      assert.deepEqual(processes.filter(isAlive), [])
    })
  }

  it('comes at once with a second signal', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    const processes = developing.processes
    const slow = developing.ask('/slow').catch(() => null)
    await wait(100)
    developing.process.kill('SIGINT')
    await wait(50)
    developing.process.kill('SIGINT')
    assert.equal((await developing.ended).code, 1)
    await slow
    await until(() => !processes.some(isAlive))
  })

  it('leaves no process when it is killed', async (context) => {
    const desk = deskFor(context)
    const developing = await desk.dev(['app.ts'])
    await developing.until('one')
    await developing.untilSpare()
    const processes = developing.processes
    assert.equal(processes.length, 2)
    developing.process.kill('SIGKILL')
    await until(() => !processes.some(isAlive))
  })
})

function runIn(text: string): string {
  return /data-run="([\w-]+)"/.exec(text)?.[1] ?? ''
}
