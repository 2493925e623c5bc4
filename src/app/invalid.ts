import type { Issue } from '../form/submission.ts'

/** An answer that shows the form again with 422, holding what was typed. Made by `invalid` of the context. */
export class Invalid {
  readonly issues: readonly Issue[]

  constructor(issues: readonly Issue[]) {
    this.issues = issues
  }
}

/** What `invalid` takes: sentences by the name of their field, or one sentence about the whole form. */
export type InvalidReasons<Names extends string> = string | Readonly<Partial<Record<Names, string>>>

/** The form again, with these sentences. */
export function invalidFor(reasons: InvalidReasons<string>): Invalid {
  if (typeof reasons === 'string') return new Invalid([{ name: '', message: reasons }])
  const issues = Object.entries(reasons).flatMap(([name, message]) => (message ? [{ name, message }] : []))
  return new Invalid(issues.length > 0 ? issues : [{ name: '', message: 'Something here is not right yet.' }])
}
