import { parseArgs } from 'node:util'
import { isFamily, readSecretCookie } from '../session/secret-cookie.ts'
import type { Command } from './command.ts'
import { WrongUse } from './failure.ts'

/** What the user has given a command. */
export interface Given {
  /** An operand that the command needs. */
  operand(name: string): string
  /** An operand that may be left out. */
  optional(name: string): string | null
  /** The value of an option, or `null` if it was not said. */
  option(name: string): string | null
}

/** Reads the words after a command's name. Throws `WrongUse` for what it does not take, and for what is missing. */
export function readGiven(command: Command, words: readonly string[]): Given {
  // The id of a session, and so its cookie, may begin with a dash. It always comes last.
  const isId = (word: string): boolean => word.startsWith('-') && (isFamily(word) || readSecretCookie(word) !== null)
  const { tokens } = parseArgs({
    args: words.filter((word) => !isId(word)),
    options: Object.fromEntries(Object.keys(command.options).map((name) => [name, { type: 'string' }])),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const operands = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  const options = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const value = wantedValue(command, token)
    if (options.has(token.name)) throw new WrongUse(`${token.rawName} is said more than once.`)
    options.set(token.name, value)
  }
  return givenOf(command, [...operands, ...words.filter(isId)], options)
}

/** The value of an option as a number, or `null` if it was not said. Throws `WrongUse` for one that is none of these. */
export function wholeNumber(given: Given, option: string, [least, most]: readonly [number, number]): number | null {
  const text = given.option(option)
  if (text === null) return null
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new WrongUse(`--${option} is ${JSON.stringify(text)}; it must be a whole number from ${least} to ${most}.`)
}

function wantedValue(
  { options }: Command,
  { name, rawName, value }: { readonly name: string; readonly rawName: string; readonly value: string | undefined },
): string {
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option === undefined) throw new WrongUse(`There is no option ${rawName}.`)
  if (value === undefined || value === '') throw new WrongUse(`${rawName} needs a ${option.value}: ${option.about}.`)
  return value
}

function givenOf(command: Command, operands: readonly string[], options: ReadonlyMap<string, string>): Given {
  const missing = command.operands.find(({ isOptional }, at) => isOptional !== true && !operands[at])
  if (missing !== undefined) throw new WrongUse(`${missing.name} is missing: ${missing.about}.`)
  const extra = operands[command.operands.length]
  if (extra !== undefined) throw new WrongUse(`${JSON.stringify(extra)} is one word too many.`)
  const optional = (name: string): string | null =>
    operands[command.operands.findIndex((operand) => operand.name === name)] ?? null
  return { operand: (name) => optional(name) ?? '', optional, option: (name) => options.get(name) ?? null }
}
