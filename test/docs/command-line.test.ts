import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { Dewar } from '../../src/index.ts'
import { dewar, secret } from '../cli/dewar.ts'
import { freePort } from '../store/servers/free-port.ts'
import { Programs } from './programs.ts'

const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8')

/** What the page shows: a command, and what it printed. */
const shown = [...page.matchAll(/```console\n\$ npx dewar (.*)\n([\s\S]*?)```/g)].map(
  ([, words = '', out = '']) => [words, out] as const,
)

describe('docs/command-line.md', () => {
  const programs = new Programs('docs/command-line.md')
  let cookie = ''
  let port = 0

  before(async () => {
    process.env.DEWAR_SECRET ??= secret
    const { default: app } = await programs.run('app.ts')
    assert.ok(app instanceof Dewar)
    const headers = { 'sec-fetch-site': 'same-origin', 'user-agent': 'Firefox/140.0' }
    const signIn = new Request('http://localhost/sign-in/ada', { method: 'POST', headers })
    cookie = (await app.fetch(signIn)).headers.getSetCookie()[0]?.replace(/^session=|;.*$/g, '') ?? ''
    port = await freePort()
  })
  after(() => programs.remove())

  it('has a program that compiles, and no others', async () => {
    assert.deepEqual(programs.names, ['app.ts'])
    assert.deepEqual(programs.nameless, [])
    assert.equal(await programs.compile(), '')
  })

  it('shows a secret that nobody can use', () => {
    const [[, secretShown = ''] = []] = shown.filter(([words]) => words === 'secret')
    assert.throws(() => new Dewar({ secret: secretShown }), { code: 'session/secret-weak' })
  })

  it('shows every command', async () => {
    const { out } = await dewar(['--help'], { folder: programs.folder })
    const commands = [...out.matchAll(/^ {2}(\w[\w ]*?) {2}/gm)].map(([, name = '']) => name)
    assert.ok(commands.length >= 8, out)
    for (const name of commands) {
      assert.ok(
        shown.some(([words]) => words.startsWith(name)),
        name,
      )
      assert.ok(page.includes(`## \`dewar ${name}`), name)
    }
  })

  for (const [words, out] of shown) {
    it(`shows what “dewar ${words}” prints`, async () => {
      const given = words.split(' ').map((word) => (/^[\w-]{22}\.[\w-]{32}$/.test(word) ? cookie : word))
      const ran = await dewar(given, { folder: programs.folder, env: { PORT: `${port}`, HOST: undefined } })
      assert.deepEqual({ ...ran, out: withoutChance(ran.out) }, { code: 0, out: withoutChance(out), err: '' })
    })
  }
})

/** A text without what is another each time, or on another machine. */
function withoutChance(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replace(/(?<![\w-])[\w-]{43}(?![\w-])/g, 'SECRET')
    .replace(/(?<![\w-])[\w-]{22}(?![\w-])/g, 'ID')
    .replace(/Node v[\d.]+\./g, 'Node VERSION.')
    .replace(/port \d+/g, 'port PORT')
}
