/**
 * Packs the package, installs it in an empty folder as a user would, and there compiles and runs the program that the
 * README prints, and the command line, and makes new apps and runs them: `npm run tarball`. Needs `npm run build` before.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkNewApps } from './new-apps.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'dewar-tarball-'))

try {
  const tarball = install()
  const programs = programsOf(readFileSync(join(root, 'README.md'), 'utf8'))
  for (const [name, program] of programs) writeFileSync(join(folder, name), program)
  compile([...programs.keys()])
  await runLoop()
  runCommand()
  await checkNewApps(tarball, join(folder, 'apps'))
  console.log(
    'tarball: the program of the README turns the loop, the command line runs, and new apps do what they should',
  )
} finally {
  rmSync(folder, { recursive: true })
}

/** Gives the tarball. */
function install(): string {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8' }),
  )
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const others = ['zod', 'typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`)
  writeFileSync(join(folder, 'package.json'), '{ "name": "visitor", "private": true, "type": "module" }\n')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `./${packed.filename}`, ...others], {
    cwd: folder,
    stdio: 'inherit',
  })
  const installed = execFileSync('npm', ['ls', '--all', '--parseable', '--omit=dev', 'dewar'], {
    cwd: folder,
    encoding: 'utf8',
  })
  console.log(`tarball: ${packed.entryCount} files, ${Math.round(packed.size / 1024)} KiB\n${installed}`)
  return join(folder, packed.filename)
}

/** The programs of a text: code blocks of TypeScript that begin with their file's name in a comment. */
function programsOf(text: string): ReadonlyMap<string, string> {
  const programs = new Map<string, string>()
  for (const [, name = '', program = ''] of text.matchAll(/```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)```/g))
    programs.set(name, program)
  for (const name of ['app.ts', 'main.ts']) assert.ok(programs.has(name), `the README has the program ${name}`)
  return programs
}

function compile(names: readonly string[]): void {
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--allowImportingTsExtensions',
    '--exactOptionalPropertyTypes',
    '--types',
    'node',
  ]
  execFileSync(join(folder, 'node_modules/.bin/tsc'), [...options, ...names], {
    cwd: folder,
    stdio: 'inherit',
  })
}

function runCommand(): void {
  writeFileSync(
    join(folder, 'stored.ts'),
    `import { Dewar } from 'dewar'
import { sqlite } from 'dewar/sqlite'

export default new Dewar({ store: sqlite('app.db') })
`,
  )
  const said = execFileSync(join(folder, 'node_modules/.bin/dewar'), ['sessions', 'init', 'stored.ts'], {
    cwd: folder,
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
    encoding: 'utf8',
  })
  assert.equal(said, 'The sqlite store of stored.ts is ready.\n')
}

async function runLoop(): Promise<void> {
  const child = spawn(process.execPath, ['main.ts'], {
    cwd: folder,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  try {
    const [line] = await once(child.stdout, 'data')
    const url = /^listening on (\S+)/.exec(String(line))?.[1]
    assert.ok(url, `it said ${line}`)
    assert.match(await (await fetch(url)).text(), /<h1>Who are you\?<\/h1>[\s\S]*name="username"/)
    const sent = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ username: 'Ada' }),
      redirect: 'manual',
    })
    assert.equal(sent.status, 303)
    assert.equal(sent.headers.get('location'), '/thankyou')
    const cookie = sent.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    assert.equal(await (await fetch(`${url}/thankyou`, { headers: { cookie } })).text(), '<p>Thank you, Ada!</p>')
    const reset = await fetch(`${url}/reset`, { method: 'POST', headers: { cookie, origin: url }, redirect: 'manual' })
    assert.match(reset.headers.getSetCookie()[0] ?? '', /^session=; Max-Age=0/)
  } finally {
    child.kill('SIGTERM')
    await exited
  }
}
