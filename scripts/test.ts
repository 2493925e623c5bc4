/**
 * Runs every test: `npm test`. Arguments are file patterns that stand in for all of them.
 * Most files run two at a time, for they mostly wait; those that measure time, or fill the machine by themselves, run one
 * after the other. Prints at the end what was skipped and why; with DEWAR_REQUIRE_ALL=1 a skipped test fails the run.
 */
import { globSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
process.env.DEWAR_ENV ??= 'development'
for (const name of ['GUESTBOOK_FILE', 'DATABASE_FILE']) process.env[name] ??= ':memory:'

const patterns =
  process.argv.length > 2 ? process.argv.slice(2) : ['{src,test,examples,templates,scripts}/**/*.test.ts']
const files = globSync(patterns, { exclude: (path) => path.includes('node_modules') }).sort()
const skipped: string[] = []
let passed = 0
let failed = 0

if (files.length === 0) throw new Error(`No test file matches ${patterns.join(' ')}.`)

const measures =
  /faults|timeouts|slow|stop|unread-body|large-upload|locks|cut|processes|kill|simulation|multipart|urlencoded|media-type|browser\//

await runAll(
  files.filter((file) => !measures.test(file)),
  2,
)
await runAll(
  files.filter((file) => measures.test(file)),
  1,
)

console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped in ${files.length} files`)
for (const line of skipped) console.log(`skipped: ${line}`)
if (skipped.length > 0 && process.env.DEWAR_REQUIRE_ALL === '1') process.exitCode = 1

async function runAll(some: readonly string[], concurrency: number): Promise<void> {
  if (some.length === 0) return
  const events = run({
    files: [...some],
    concurrency,
    execArgv: ['--conditions=dewar-source'],
    timeout: 300_000,
  })
  events.on('test:pass', ({ name, skip, details }) => {
    if (skip !== undefined) skipped.push(`${name}: ${skip === true ? 'no reason given' : skip}`)
    else if (details.type !== 'suite') passed += 1
  })
  events.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') failed += 1
    process.exitCode = 1
  })
  const ended = new Promise((resolve) => events.on('end', resolve))
  events.compose(new spec()).pipe(process.stdout, { end: false })
  await ended
}
