/**
 * Runs every test: `npm test`. Arguments are file patterns that stand in for all of them.
 * Prints at the end what was skipped and why; with DEWAR_REQUIRE_ALL=1 a skipped test fails the run.
 */
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
process.env.DEWAR_ENV ??= 'development'
for (const name of ['GUESTBOOK_FILE', 'CHECKOUT_FILE', 'LOGIN_FILE']) process.env[name] ??= ':memory:'

const patterns = process.argv.length > 2 ? process.argv.slice(2) : ['{src,test,examples,scripts}/**/*.test.ts']
const files = globSync(patterns, { exclude: (path) => path.includes('node_modules') })
const skipped: string[] = []
let passed = 0
let failed = 0

if (files.length === 0) throw new Error(`No test file matches ${patterns.join(' ')}.`)

const events = run({
  files: files.sort(),
  concurrency: Math.max(2, availableParallelism() - 1), // many files mostly wait
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
events.on('end', () => {
  console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped in ${files.length} files`)
  for (const line of skipped) console.log(`skipped: ${line}`)
  if (skipped.length > 0 && process.env.DEWAR_REQUIRE_ALL === '1') process.exitCode = 1
})
events.compose(new spec()).pipe(process.stdout)
