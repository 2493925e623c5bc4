import { type Command, file, type Host } from './command.ts'
import { dev } from './dev.ts'
import { doctor } from './doctor.ts'
import { readEnvFile } from './env-file.ts'
import { lineOf, WrongUse } from './failure.ts'
import { readGiven } from './given.ts'
import { helpOn, overview } from './help.ts'
import { newApp } from './new.ts'
import { routes } from './routes.ts'
import type { Said } from './said.ts'
import { secret } from './secret.ts'
import { sessionsInit } from './sessions-init.ts'
import { sessionsList } from './sessions-list.ts'
import { sessionsRevoke } from './sessions-revoke.ts'
import { sessionsShow } from './sessions-show.ts'
import { sessionsSweep } from './sessions-sweep.ts'
import { start } from './start.ts'

/** Every command of `dewar`. */
const commands: readonly Command[] = [
  newApp,
  dev,
  start,
  routes,
  doctor,
  secret,
  sessionsInit,
  sessionsSweep,
  sessionsList,
  sessionsRevoke,
  sessionsShow,
]

/** Runs the command that these words call. Never rejects. */
export async function main(words: readonly string[], host: Host): Promise<Said> {
  const command = commands.find(({ name }) => startsWith(words, name))
  if (command === undefined) return withoutCommand(words)
  const rest = words.slice(command.name.split(' ').length)
  if (asksForHelp(rest)) return { kind: 'done', text: helpOn(command) }
  try {
    const given = readGiven(command, rest)
    if (command.operands.includes(file)) readEnvFile() // before the app is imported
    const said = await command.run(given, host)
    return typeof said === 'string' ? { kind: 'done', text: said } : said
  } catch (error) {
    if (!(error instanceof WrongUse)) return failure(error)
    return { kind: 'wrong use', text: `dewar: ${lineOf(error)} See dewar ${command.name} --help.` }
  }
}

/** What is said of an error that nobody expected. */
export function failure(error: unknown): Said {
  return { kind: 'failed', text: `dewar: ${lineOf(error)}` }
}

function withoutCommand(words: readonly string[]): Said {
  const said = words.filter((word) => !word.startsWith('-')).join(' ')
  const below = commands.filter(({ name }) => said === '' || name.startsWith(`${said} `))
  if (below.length === 0) {
    const [first = '', second] = said.split(' ')
    const isGroup = second !== undefined && commands.some(({ name }) => name.startsWith(`${first} `))
    const named = isGroup ? `${first} ${second}` : first
    return {
      kind: 'wrong use',
      text: `dewar: ${lineOf(new WrongUse(`There is no command ${named}.`))} See dewar --help.`,
    }
  }
  return { kind: asksForHelp(words) ? 'done' : 'wrong use', text: overview(below, said) }
}

function startsWith(words: readonly string[], name: string): boolean {
  return name.split(' ').every((word, at) => words[at] === word)
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end === -1 ? words.length : end).some((word) => word === '--help' || word === '-h')
}
