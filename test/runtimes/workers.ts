/**
 * The README's program on Workers: bundled as their tools do it, and served by workerd, the runtime itself.
 * `npm run test:runtimes` runs it.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { browser } from '../../src/testing.ts'
import { freePort } from '../store/servers/free-port.ts'

const { build } = (await import(import.meta.resolve('esbuild'))) as { build(options: object): Promise<object> }
const workerd = fileURLToPath(new URL('node_modules/.bin/workerd', import.meta.url))
const root = new URL('../..', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'dewar-workers-'))

// /          <h1>Who are you?</h1> <form method="post"> <input name="username"> …
// /thankyou  <p>Thank you, Ada!</p>
// /reset     POST
const [, program = ''] =
  /```ts\n\/\/ app\.ts\n([\s\S]*?)```/.exec(readFileSync(new URL('README.md', root), 'utf8')) ?? []
const more = `
  import { form as formOf, redirect as to, html as page } from 'dewar'
  let orders = 0
  app.form('/order', formOf(z.object({ sku: z.string(), photo: z.file() })), {
    view: ({ form }) => page\`\${form}\`,
    submit: async ({ data }) => {
      await new Promise((resolve) => setTimeout(resolve, 100))
      orders += 1
      return to(\`/orders?size=\${data.photo.size}\`)
    },
  })
  app.get('/orders', ({ query }) => \`\${orders} orders, \${query.get('size')} bytes\`)`

describe('an app on Workers', () => {
  let running: ChildProcess | undefined
  let said = ''

  const serve = async (variables: Record<string, string>): Promise<string> => {
    writeFileSync(join(folder, 'entry.ts'), program.replace('export default app', `${more}\nexport default app`))
    await build({
      entryPoints: [join(folder, 'entry.ts')],
      outfile: join(folder, 'worker.js'),
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      conditions: ['workerd', 'worker', 'browser'],
      mainFields: ['browser', 'module', 'main'],
      external: ['node:*'],
      alias: { dewar: fileURLToPath(new URL('src/index.ts', root)) },
      nodePaths: [fileURLToPath(new URL('node_modules', root))],
      logLevel: 'error',
    })
    const port = await freePort()
    const bindings = Object.entries(variables).map(([name, value]) => `(name = "${name}", text = "${value}")`)
    writeFileSync(
      join(folder, 'config.capnp'),
      `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (
        services = [(name = "main", worker = .app)],
        sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
      );
      const app :Workerd.Worker = (
        modules = [(name = "worker.js", esModule = embed "worker.js")],
        compatibilityDate = "2026-09-01",
        bindings = [${bindings.join(', ')}],
      );`,
    )
    said = ''
    running = spawn(workerd, ['serve', join(folder, 'config.capnp')])
    for (const stream of [running.stdout, running.stderr]) stream?.on('data', (chunk) => (said += chunk))
    return `http://127.0.0.1:${port}`
  }
  const served = async (variables: Record<string, string>): Promise<string> => {
    const url = await serve(variables)
    for (const untilMs = performance.now() + 20_000; performance.now() < untilMs; await pause(50)) {
      if (await fetch(url).catch(() => null)) return url
    }
    throw new Error(`workerd did not start:\n${said}`)
  }
  const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

  afterEach(() => {
    running?.kill('SIGKILL')
  })
  after(() => rmSync(folder, { recursive: true }))

  it('turns the loop', async () => {
    const visitor = browser(await served({ DEWAR_SECRET: secret, DEWAR_ENV: 'production' }))
    const page = await visitor.open('/')
    const again = await page.fill({ username: ' ' }).submit('Send')
    assert.equal(again.status, 422)
    const thanks = await again.fill({ username: 'Ada' }).submit('Send')
    assert.equal(thanks.text, 'Thank you, Ada!')
  })

  it('does a form with a file once when it is sent twice', async () => {
    const visitor = browser(await served({ DEWAR_SECRET: secret }))
    const page = await visitor.open('/order')
    const receipt = await page.fill({ sku: 'tea', photo: new File(['0123456789'], 'tea.txt') }).doubleClick('Send')
    assert.equal(receipt.text, '1 orders, 10 bytes')
  })

  it('says what is missing when nobody has set a secret', async () => {
    await serve({})
    for (const untilMs = performance.now() + 20_000; performance.now() < untilMs && said === ''; ) await pause(50)
    await pause(500)
    assert.match(said, /There is no secret\. .*Set DEWAR_SECRET/)
  })
})
