import { spawn } from 'node:child_process'
import { bin, secret } from './dewar.ts'

/** The program that gives another one a terminal. */
export const script = '/usr/bin/script'

/** What a terminal gets to see of a command, from both streams, with ESC for the character that begins its commands. */
export function seenOnTerminal(
  words: string,
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const line = `'${process.execPath}' --conditions=dewar-source '${bin}' ${words}`
  // Where CI is set Node takes no terminal for one that has colours.
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...rest } = process.env
  const own = { DEWAR_SECRET: secret, NODE_NO_WARNINGS: '1', TERM: 'xterm' }
  const child = spawn(script, ['-qec', line, '/dev/null'], { cwd: folder, env: { ...rest, ...own, ...env } })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  child.stdin.end()
  return new Promise((resolve) => child.on('close', () => resolve(text.replaceAll('\u001b', 'ESC'))))
}
