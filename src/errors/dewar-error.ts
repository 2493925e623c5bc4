import { type ErrorCode, errorEntry } from './table.ts'

/**
 * A mistake in the application, named by a code from the closed table in `docs/errors.md`.
 * Its message says what was wrong and what to do, and ends with the code. Thrown when the app is put together
 * if it can be known then, else by the request that meets it. A stranger only ever sees the sentence of the table.
 */
export class DewarError extends Error {
  /** The code, for example `session/secret-too-short`. Codes do not change between minor releases. */
  readonly code: ErrorCode
  /** The HTTP status with which a request that meets this error is answered. */
  readonly status: number

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    const { status, sentence, hint } = errorEntry(code)
    super(`${detail ?? sentence}${hint === '' ? '' : ` ${hint}`} [${code}]`, options)
    this.name = 'DewarError'
    this.code = code
    this.status = status
  }
}
