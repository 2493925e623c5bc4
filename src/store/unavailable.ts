import { DewarError } from '../errors/dewar-error.ts'

/** `store/unavailable`, with the reason for the log: a sentence, what was thrown, or both. */
export function unavailable(cause: unknown, detail?: string): DewarError {
  if (cause instanceof DewarError) return cause
  return new DewarError('store/unavailable', detail, cause === undefined ? {} : { cause })
}
