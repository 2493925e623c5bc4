import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { skipWithout } from '../browser/needs.ts'
import { bin, Desk, type Ran } from './dewar.ts'
import { ask } from './shop.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

const failed = (says: string): Ran => ({ code: 1, out: '', err: `dewar: ${says}\n` })
const misused = (says: string): Ran => ({ code: 2, out: '', err: `dewar: ${says} See dewar new --help.\n` })

/** Every file in a folder, by its path. */
function filesIn(folder: string): readonly string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return all.filter((path) => statSync(join(folder, path)).isFile()).sort()
}

describe('dewar new', { concurrency: 4 }, () => {
  const desk = new Desk()
  const read = (path: string): string => readFileSync(join(desk.folder, path), 'utf8')
  after(() => desk.remove())

  it('makes a plain app, and says what comes next', async () => {
    const says = `Made shop from the template plain, with a fresh secret in shop/.env. Next:

  cd shop
  npm install
  npm run dev

Other templates: --template login or --template checkout.
`
    assert.deepEqual(await desk.run('new', 'shop'), { code: 0, out: says, err: '' })
    assert.deepEqual(filesIn(join(desk.folder, 'shop')), [
      '.dockerignore',
      '.env',
      '.gitignore',
      'Dockerfile',
      'README.md',
      'package.json',
      'src/app.test.ts',
      'src/app.ts',
      'src/public/icon.svg',
      'src/public/style.css',
      'tsconfig.json',
    ])
  })

  it('gives each app a secret of its own, which only its user may read', async () => {
    await Promise.all([desk.run('new', 'one'), desk.run('new', 'two')])
    const [one, two] = [read('one/.env'), read('two/.env')]
    assert.match(one, /^DEWAR_SECRET=[\w-]{43}\n$/)
    assert.match(two, /^DEWAR_SECRET=[\w-]{43}\n$/)
    assert.notEqual(one, two)
    assert.equal(statSync(join(desk.folder, 'one/.env')).mode & 0o777, 0o600)
  })

  it('keeps the secret, the database and what is installed out of git, and out of an image', {
    skip: skipWithout('/usr/bin/git'),
  }, async () => {
    await desk.run('new', 'kept', '--template', 'checkout')
    const folder = join(desk.folder, 'kept')
    mkdirSync(join(folder, 'node_modules'))
    const own = ['app.db', 'app.db-shm', 'app.db-wal', 'checkout-mail.jsonl', 'node_modules/x.js']
    for (const file of own) writeFileSync(join(folder, file), '')
    await run('git', ['init', '--quiet'], { cwd: folder })
    const { stdout } = await run('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: folder })
    const taken = stdout.match(/(?<=^\?\? ).+/gm) ?? []
    const left = ['.env', ...own]
    assert.deepEqual(
      taken.toSorted(),
      filesIn(folder).filter((path) => !path.startsWith('.git/') && !left.includes(path)),
    )
    const ignored = read('kept/.dockerignore').split('\n')
    for (const line of ['.env', '*.db', '*.db-shm', '*.db-wal', 'checkout-mail.jsonl', 'node_modules', '.git'])
      assert.ok(ignored.includes(line), line)
  })

  it('depends on this dewar, and on what it is tested with', async () => {
    await desk.run('new', 'pinned')
    const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const made = JSON.parse(read('pinned/package.json'))
    assert.deepEqual([made.name, made.private, made.type], ['pinned', true, 'module'])
    const { dewar, ...dependencies } = made.dependencies
    assert.equal(join(desk.folder, 'pinned', dewar.replace(/^file:/, ''), 'x'), join(root, 'x')) // it is run from here
    const names = Object.keys({ ...dependencies, ...made.devDependencies })
    assert.deepEqual(names, ['zod', '@types/node', 'node', 'parse5', 'typescript', 'youch'])
    for (const name of names) {
      assert.equal({ ...dependencies, ...made.devDependencies }[name], own.devDependencies[name], name)
    }
  })

  it('takes a folder that is empty but for .git', async () => {
    mkdirSync(join(desk.folder, 'begun/.git'), { recursive: true })
    writeFileSync(join(desk.folder, 'begun/.git/HEAD'), 'ref: refs/heads/main\n')
    assert.equal((await desk.run('new', 'begun')).code, 0)
    assert.equal(read('begun/.git/HEAD'), 'ref: refs/heads/main\n')
    assert.ok(existsSync(join(desk.folder, 'begun/src/app.ts')))
  })

  it('touches no folder that has something in it, and no file', async () => {
    mkdirSync(join(desk.folder, 'used'))
    writeFileSync(join(desk.folder, 'used/notes.txt'), 'mine')
    const folder = 'There is a folder used already, and it is not empty. Choose another name.'
    assert.deepEqual(await desk.run('new', 'used'), failed(folder))
    assert.deepEqual(filesIn(join(desk.folder, 'used')), ['notes.txt'])
    writeFileSync(join(desk.folder, 'file'), 'mine')
    assert.deepEqual(await desk.run('new', 'file'), failed('There is a file file already. Choose another name.'))
    assert.equal(read('file'), 'mine')
  })

  it('leaves nothing behind when it cannot write all of it', async () => {
    mkdirSync(join(desk.folder, 'empty/.git'), { recursive: true })
    for (const name of ['half', 'empty']) {
      // No file may have more than one block, of 512 bytes or 1024. The first one has less.
      const line = `ulimit -f 1; exec "$0" --conditions=dewar-source "${bin}" new ${name}`
      const ended = await run('sh', ['-c', line, process.execPath], { cwd: desk.folder }).catch((error) => error)
      assert.equal(ended.code, 1)
      assert.match(
        ended.stderr,
        new RegExp(`^dewar: ${name} could not be made: Error: EFBIG: file too large, write\\.\n$`),
      )
    }
    assert.equal(existsSync(join(desk.folder, 'half')), false)
    assert.deepEqual(readdirSync(join(desk.folder, 'empty')), ['.git'])
  })

  it('refuses a name that a package cannot have, and says one that would do', async () => {
    const allowed = 'lower case letters, digits, "-", "_" and ".", at most 214, and a letter or a digit first'
    const says = `NAME is "My Shop"; it may have ${allowed}. my-shop would do.`
    assert.deepEqual(await desk.run('new', 'My Shop'), misused(says))
    assert.equal(existsSync(join(desk.folder, 'My Shop')), false)
  })

  it('names the templates that there are, for another one', async () => {
    const says = '--template is "todo"; it may be plain, login or checkout.'
    assert.deepEqual(await desk.run('new', 'todo', '--template', 'todo'), misused(says))
    assert.equal(existsSync(join(desk.folder, 'todo')), false)
  })

  it('wants a name, and one alone', async () => {
    assert.deepEqual(
      await desk.run('new'),
      misused('NAME is missing: what the app and its folder are called, as shop.'),
    )
    assert.deepEqual(await desk.run('new', 'my', 'shop'), misused('"shop" is one word too many.'))
  })

  it('--help says how it is written, with an example', async () => {
    const { code, out } = await desk.run('new', '--help')
    assert.equal(code, 0)
    assert.match(
      out,
      /^dewar new NAME\n[\s\S]*--template TEMPLATE .*plain, login or checkout[\s\S]*\nExample:\n {2}dewar new shop/,
    )
  })
})

describe('an app that dewar new has made', { concurrency: 2 }, () => {
  const desk = new Desk()
  before(() => {
    // As if it were installed: dewar is this repository, the others are what it is developed with.
    const modules = join(desk.folder, 'node_modules')
    mkdirSync(modules)
    symlinkSync(root, join(modules, 'dewar'), 'junction')
    for (const name of ['zod', 'parse5', '@types']) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  })
  after(() => desk.remove())

  // As a user has it: with NODE_TEST_CONTEXT node --test would take itself for a part of this test.
  const { NODE_TEST_CONTEXT: _, DATABASE_FILE: __, ...env } = process.env
  for (const template of ['plain', 'login', 'checkout']) {
    describe(`from the template ${template}`, { concurrency: 1 }, () => {
      const cwd = join(desk.folder, template)
      before(() => desk.run('new', template, '--template', template))

      it('compiles', async () => {
        const tsc = join(root, 'node_modules/typescript/bin/tsc')
        // The source of dewar is compiled with it here, which wants the types of the web.
        const words = [tsc, '--customConditions', 'dewar-source', '--lib', 'es2024,dom,dom.iterable,dom.asynciterable']
        assert.equal((await run(process.execPath, words, { cwd })).stdout, '')
      })

      it('has tests that pass, and leave no file', async () => {
        const files = filesIn(cwd)
        const words = ['--conditions=dewar-source', '--test', '--test-reporter=tap', 'src/**/*.test.ts']
        const { stdout } = await run(process.execPath, words, { cwd, env })
        assert.match(stdout, /^# pass [1-9]\d*$/m)
        assert.match(stdout, /^# fail 0$/m)
        assert.deepEqual(filesIn(cwd), files)
      })

      it('tells in its README of every file that is to be read', () => {
        const readme = readFileSync(join(cwd, 'README.md'), 'utf8')
        const told = readme.match(/(?<=^\| \[)src\/[\w.-]+\.ts(?=\]\()/gm) ?? []
        const sources = filesIn(cwd).filter((path) => path.startsWith('src/') && path.endsWith('.ts'))
        assert.deepEqual(told.toSorted(), sources)
        assert.ok(readme.startsWith(`# ${template}\n`))
      })

      it('starts in production, with the secret of its .env', async () => {
        const own = { DEWAR_SECRET: undefined, DEWAR_ENV: undefined, DATABASE_FILE: undefined }
        const started = await new Desk(cwd).start(['src/app.ts'], own)
        assert.match((await ask(started.url)).text, /^<!DOCTYPE html>/)
        assert.match(filesIn(cwd).join('\n'), /^\w+\.db$/m)
        started.process.kill('SIGTERM')
        assert.equal((await started.ended).code, 0)
      })
    })
  }
})
