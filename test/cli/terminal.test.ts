import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { skipWithout } from '../browser/needs.ts'
import { freePort } from '../store/servers/free-port.ts'
import { Desk } from './dewar.ts'
import { script, seenOnTerminal } from './on-terminal.ts'

describe('dewar on a terminal', { skip: skipWithout(script), concurrency: 3 }, () => {
  const desk = new Desk()
  let port = 0
  before(async () => {
    port = await freePort()
    desk.write('app.ts', "import { Dewar } from 'dewar'\nexport default new Dewar()\n")
    desk.write(
      'slow.ts',
      "await new Promise((resolve) => setTimeout(resolve, 2500))\nexport { default } from './app.ts'\n",
    )
  })
  after(() => desk.remove())

  const seen = (words: string, env: Readonly<Record<string, string>> = {}): Promise<string> =>
    seenOnTerminal(words, { folder: desk.folder, env: { DEWAR_ENV: 'production', PORT: `${port}`, ...env } })

  it('colours the verdicts of the doctor', async () => {
    const text = withoutWaiting(await seen('doctor app.ts'))
    assert.match(text, /^ESC\[32mokESC\[39m {4}node /)
    assert.match(text, /\nESC\[33mwarnESC\[39m {2}store /)
  })

  it('colours nothing where NO_COLOR is set, nor what goes on to another program', async () => {
    const plain = withoutWaiting(await seen('doctor app.ts', { NO_COLOR: '1' }))
    assert.match(plain, /^ok {4}node .*\r\n(?:ok|warn) {2}/)
    for (const text of [plain, withoutWaiting(await seen('doctor app.ts | cat'))]) {
      assert.match(text, /warn {2}store /)
      assert.doesNotMatch(text, /ESC/)
    }
  })

  it('says that it still works when it takes longer than a second, and takes that back', async () => {
    const text = await seen('routes slow.ts')
    assert.match(text, /^\r… 1 s\r… 2 s(?:\r… \d s)*\rESC\[Kslow\.ts has no routes\.\r\n$/)
    assert.equal((await desk.run('routes', 'slow.ts')).err, '')
  })

  it('says no more that it works once it serves', async () => {
    const brief = (pid: string): string => `import { Dewar } from 'dewar'\nimport { sqlite } from 'dewar/sqlite'
      await new Promise((resolve) => setTimeout(resolve, 1500))
      setTimeout(() => process.kill(${pid}, 'SIGTERM'), 4000)
      export default new Dewar({ store: sqlite('brief.db') })\n`
    desk.write('alone.ts', brief('process.pid'))
    desk.write('worker.ts', brief('process.ppid'))
    for (const words of ['start alone.ts', 'start worker.ts --workers 2']) {
      const text = await seen(`${words} --port 0`)
      assert.match(text, /^(?:\r… \d+ s)+\rESC\[K\{.*"listening".*\}\r\n\{.*"stopping".*\}\r\n\{.*"stopped"\}\r\n$/)
    }
  })
})

function withoutWaiting(text: string): string {
  return text.replace(/^(?:\r… \d+ s)+\rESC\[K/, '')
}
