import { DewarError } from './dewar-error.ts'

/**
 * Throws `app/option-invalid` for options that are no object, and for one of a name that is not known: what is not asked
 * for would be left out without a word.
 */
export function refuseUnknown(place: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new DewarError('app/option-invalid', `${place} takes an object of options, and not ${inShort(given)}.`)
  }
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new DewarError('app/option-invalid', `${place} has no option ${unknown}; it has ${known.join(', ')}.`)
}

/** What somebody gave in the place of something else, in a few words for a message. */
export function inShort(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given)
  if (Array.isArray(given)) return 'a list'
  if (typeof given === 'function') return 'a function'
  if (typeof given !== 'object' || given === null) return String(given)
  return Object.getPrototypeOf(given) === Object.prototype
    ? 'an object'
    : `a ${given.constructor?.name ?? 'class'} object`
}
