import { columns } from './columns.ts'
import type { Command } from './command.ts'

/** How a command is used, with an example. */
export function helpOn({ name, does, usages, operands, options, example }: Command): string {
  const words = operands.map((operand): [string, string] => [operand.name, operand.about])
  const named = Object.entries(options).map(([option, { value, about }]): [string, string] => [
    `--${option} ${value}`,
    about,
  ])
  return [
    ...usages.map((usage) => `dewar ${name} ${usage}`.trimEnd()),
    '',
    does,
    '',
    ...inset(columns([...words, ...named, ['--help', 'shows this']])),
    '',
    'Example:',
    `  ${example}`,
  ].join('\n')
}

/** The commands that begin with these words, each with what it does. */
export function overview(commands: readonly Command[], words: string): string {
  const title = words === '' ? 'dewar COMMAND' : `dewar ${words} COMMAND`
  const [first] = commands
  return [
    title,
    '',
    ...inset(columns(commands.map(({ name, does }) => [name, does]))),
    '',
    'dewar COMMAND --help says more.',
    ...(first === undefined ? [] : ['', 'Example:', `  ${first.example}`]),
  ].join('\n')
}

function inset(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}
