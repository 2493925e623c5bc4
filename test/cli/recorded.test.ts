/**
 * Plays the terminal sessions of `recorded/*.txt` again, with the real program, and compares what it says. A line that
 * begins with `$` is a command, as a shell would take it; `^C` stops one that serves; all else is what was said, stdout
 * and stderr together, and the exit code if it is not 0. `DEWAR_RECORD=1` writes the files anew.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { openTerminal } from './terminal-session.ts'

const folder = new URL('recorded/', import.meta.url)

describe('a terminal session', { concurrency: 2 }, () => {
  for (const name of readdirSync(folder)) {
    it(`with dewar ${name.replace('.txt', '')} goes as it is recorded`, async () => {
      const file = new URL(name, folder)
      const recorded = readFileSync(file, 'utf8')
      const played = await play(recorded)
      if (process.env.DEWAR_RECORD === '1') writeFileSync(file, played)
      else assert.equal(played, recorded)
    })
  }
})

async function play(recorded: string): Promise<string> {
  const terminal = await openTerminal()
  try {
    const parts: string[] = []
    for (const [comment, line, isStopped] of commandsIn(recorded)) {
      const said = await terminal.type(line, { isStopped })
      parts.push(`${comment}$ ${line}\n${said}`)
    }
    return parts.join('\n')
  } finally {
    await terminal.close()
  }
}

// Comments before a command belong to it.
function commandsIn(recorded: string): readonly (readonly [comment: string, line: string, isStopped: boolean])[] {
  const blocks = recorded.split(/^(?=# )|^(?<!^# .*\n)(?=\$ )/m)
  return blocks.flatMap((block) => {
    const [, comment = '', line] = /^((?:# .*\n)*)\$ (.*)\n/.exec(block) ?? []
    return line === undefined ? [] : [[comment, line, /^\^C$/m.test(block)] as const]
  })
}
