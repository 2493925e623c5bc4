import { DewarError } from '../errors/dewar-error.ts'

/** What a command cannot do, as a sentence for the user. */
export class Refused extends Error {}

/** What cannot be meant by the words of a command, as a sentence for the user. */
export class WrongUse extends Error {}

/** What went wrong, in one line without control characters. */
export function lineOf(error: unknown): string {
  return plain(sentenceOf(error))
}

/** A text in one line that a terminal only shows: text of strangers may hold what moves its cursor. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}|\p{Cf}/gu, '?')
}

function sentenceOf(error: unknown): string {
  if (error instanceof Refused || error instanceof WrongUse) return error.message
  if (error instanceof DewarError && error.code === 'store/unavailable' && error.cause !== undefined) {
    return `The store cannot be asked: ${reasonOf(error.cause)} [${error.code}]`
  }
  return error instanceof DewarError ? error.message : `${nameOf(error)}${reasonOf(error)}`
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ` : ''
}

// Of a server with two addresses Node tells with two errors in one that has no message.
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}
