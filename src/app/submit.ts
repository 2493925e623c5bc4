import type { Form } from '../form/form.ts'
import type { Issue, Typed } from '../form/submission.ts'
import { prefersJson } from '../http/accept.ts'
import { problemHeaders } from './failure.ts'
import type { Target } from './house.ts'
import { Invalid } from './invalid.ts'
import { Reply } from './reply.ts'
import type { RequestContext } from './request-context.ts'
import { toReply } from './to-reply.ts'

/**
 * Runs the handler of a posted form with its typed values. Invalid input never reaches it: the same view is shown
 * again with 422, or the issues are told as JSON to a client that asks for JSON.
 */
export async function submit(target: Target & { kind: 'submit' }, context: RequestContext): Promise<Reply> {
  const submission = target.form.read(context.fields)
  const checked = await target.form.check(submission)
  if (checked.kind === 'invalid') return showAgain(target, context, { typed: submission.typed, issues: checked.issues })
  context.data = checked.values
  const value = await target.handler(context)
  if (value instanceof Invalid) return showAgain(target, context, { typed: submission.typed, issues: value.issues })
  return toReply(value, context)
}

/** Shows a form, or runs the handler of a search form with the typed values of the query. */
export async function show(
  form: Form,
  handler: (context: RequestContext) => unknown,
  context: RequestContext,
): Promise<Reply> {
  if (form.method === 'post') return toReply(await handler(context), context)
  const submission = form.read(context.query)
  if (submission.typed.size === 0) return toReply(await handler(context), context)
  const checked = await form.check(submission)
  if (checked.kind === 'invalid' && prefersJson(context.request.headers.get('accept'))) return problem(checked.issues)
  if (checked.kind === 'valid') context.data = checked.values
  context.shown = { typed: submission.typed, issues: checked.kind === 'valid' ? [] : checked.issues }
  return toReply(await handler(context), context, checked.kind === 'valid' ? 200 : 422)
}

interface Shown {
  readonly typed: Typed
  readonly issues: readonly Issue[]
}

async function showAgain(target: Target & { kind: 'submit' }, context: RequestContext, shown: Shown): Promise<Reply> {
  if (prefersJson(context.request.headers.get('accept'))) return problem(shown.issues)
  context.shown = shown
  return toReply(await target.view(context), context, 422)
}

// RFC 9457, with the issues by the name of their field
function problem(issues: readonly Issue[]): Reply {
  const errors: Record<string, string[]> = Object.create(null)
  for (const { name, message } of issues) {
    errors[name] ??= []
    errors[name].push(message)
  }
  const body = { type: 'about:blank', title: 'The form has invalid fields.', status: 422, errors }
  return new Reply(422, problemHeaders, JSON.stringify(body))
}
