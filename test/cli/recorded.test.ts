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
const isRecording = process.env.DEWAR_RECORD === '1'

describe('a terminal session', { concurrency: 2 }, () => {
  for (const name of readdirSync(folder)) {
    it(`with dewar ${name.replace('.txt', '')} goes as it is recorded`, async () => {
      const file = new URL(name, folder)
      const recorded = readFileSync(file, 'utf8')
      const played = await play(recorded)
      if (isRecording) writeFileSync(file, played)
      else assert.equal(played, recorded)
    })
  }
})

async function play(recorded: string): Promise<string> {
  const terminal = await openTerminal()
  try {
    const parts: string[] = []
    for (const { comment, line, stopAfter } of commandsIn(recorded)) {
      const said = await terminal.type(line, { stopAfter: isRecording && stopAfter !== null ? '' : stopAfter })
      parts.push(`${comment}$ ${line}\n${said}`)
    }
    return parts.join('\n')
  } finally {
    await terminal.close()
  }
}

interface Typed {
  readonly comment: string
  readonly line: string
  /** The last line before `^C`; `null` where nobody stops it. */
  readonly stopAfter: string | null
}

// Comments before a command belong to it.
function commandsIn(recorded: string): readonly Typed[] {
  const blocks = recorded.split(/^(?=# )|^(?<!^# .*\n)(?=\$ )/m)
  return blocks.flatMap((block) => {
    const [, comment = '', line] = /^((?:# .*\n)*)\$ (.*)\n/.exec(block) ?? []
    const [, stopAfter = null] = /^(.*)\n\^C$/m.exec(block) ?? []
    return line === undefined ? [] : [{ comment, line, stopAfter }]
  })
}
