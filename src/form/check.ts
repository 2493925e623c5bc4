import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Issue, Submission } from './submission.ts'

/** What a schema says of a submission. */
export type Checked =
  | { readonly kind: 'valid'; readonly values: unknown }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }

/**
 * Asks the schema. A text that is no number or date at all is told in our words, once; everything else in the
 * schema's own words. Issues keep the schema's order.
 */
export async function check(schema: StandardSchemaV1, submission: Submission): Promise<Checked> {
  const result = await schema['~standard'].validate(submission.input)
  const unreadable = new Set(submission.issues.map(({ name }) => name))
  if (result.issues === undefined) {
    return unreadable.size === 0
      ? { kind: 'valid', values: result.value }
      : { kind: 'invalid', issues: submission.issues }
  }
  const found = result.issues.map(issueOf).filter(({ name }) => !unreadable.has(name))
  return { kind: 'invalid', issues: [...submission.issues, ...found] }
}

function issueOf({ path, message }: StandardSchemaV1.Issue): Issue {
  const name = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
  return { name, message }
}
