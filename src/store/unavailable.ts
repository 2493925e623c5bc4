import { DewarError } from '../errors/dewar-error.ts'

/**
 * `store/unavailable`, with the reason for the log: a sentence, what was thrown, or both. A `DewarError` stays what it is,
 * but for `store/refused`, which only `prepare` may say: it becomes the cause.
 */
export function unavailable(cause: unknown, detail?: string): DewarError {
  if (cause instanceof DewarError && cause.code !== 'store/refused') return cause
  return new DewarError('store/unavailable', detail, cause === undefined ? {} : { cause })
}

/** Whether an error says that the store cannot be asked just now. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof DewarError && error.code === 'store/unavailable'
}
