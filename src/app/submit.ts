import { errorEntry } from '../errors/table.ts'
import type { Form } from '../form/form.ts'
import type { Excess } from '../form/read-multipart.ts'
import type { Issue, Submission } from '../form/submission.ts'
import { prefersJson } from '../http/accept.ts'
import { problemHeaders } from './failure.ts'
import { keepFiles, recallFiles } from './files-again.ts'
import type { Target } from './house.ts'
import { Invalid } from './invalid.ts'
import { Reply } from './reply.ts'
import type { RequestContext } from './request-context.ts'
import { run } from './run.ts'
import type { Opened } from './stations.ts'
import type { Lack } from './submission.ts'
import { toReply } from './to-reply.ts'

/**
 * Runs the handler of a posted form with its typed values. Invalid input never reaches it: the same view is shown
 * again with 422, or with 413 if a limit was broken, or the issues are told as JSON to a client that asks for JSON.
 */
export async function submit(
  target: Target & { kind: 'submit' },
  opened: Opened,
  context: RequestContext,
): Promise<Reply> {
  const { files, recalled } = await recallFiles(target.form, opened)
  const submission = target.form.read(context.fields, files)
  const { lack } = opened
  const again = (status: number, issues: readonly Issue[]): Promise<Reply> =>
    showAgain({ target, opened, context, submission, status, issues })
  if (opened.excess !== null) return again(413, told(opened.excess, submission))
  const checked = await target.form.check(submission)
  if (lack !== null) return again(422, [issueOf(lack), ...(checked.kind === 'invalid' ? checked.issues : [])])
  if (checked.kind === 'invalid') return again(422, checked.issues)
  context.data = checked.values
  const value = await run(target.handler, context)
  if (value instanceof Invalid) return again(422, value.issues)
  const reply = await toReply(value, context)
  context.isDone = reply.status < 400
  context.recalled = recalled
  return reply
}

function issueOf({ code, result }: Lack): Issue {
  const { sentence } = errorEntry(code)
  const message = code === 'once/changed' ? `${sentence} Send it again if you want both.` : sentence
  return result === null ? { name: '', message } : { name: '', message, result }
}

// A file that was cut has its own sentence beside it.
function told({ code }: Excess, { issues, typed }: Submission): readonly Issue[] {
  if (issues.length > 0) return issues
  const lost = code === 'form/body-too-large' && typed.size === 0 ? ' Go back to find what you typed.' : ''
  return [{ name: '', message: errorEntry(code).sentence + lost }]
}

/** Shows a form, or runs the handler of a search form with the typed values of the query. */
export async function show(
  form: Form,
  handler: (context: RequestContext) => unknown,
  context: RequestContext,
): Promise<Reply> {
  if (form.method === 'post') return toReply(await handler(context), context, { by: 'view' })
  const submission = form.read(context.query)
  if (submission.typed.size === 0) return toReply(await handler(context), context)
  const checked = await form.check(submission)
  if (checked.kind === 'invalid' && prefersJson(context.request.headers.get('accept'))) return problem(checked.issues)
  if (checked.kind === 'valid') context.data = checked.values
  context.shown = { typed: submission.typed, issues: checked.kind === 'valid' ? [] : checked.issues, kept: new Map() }
  return toReply(await handler(context), context, { status: checked.kind === 'valid' ? 200 : 422 })
}

interface ShownAgain {
  readonly target: Target & { readonly kind: 'submit' }
  readonly opened: Opened
  readonly context: RequestContext
  readonly submission: Submission
  readonly status: number
  readonly issues: readonly Issue[]
}

async function showAgain({ target, opened, context, submission, status, issues }: ShownAgain): Promise<Reply> {
  if (prefersJson(context.request.headers.get('accept'))) return problem(issues, status)
  const again = await keepFiles({ files: submission.files, issues }, opened)
  context.shown = { typed: submission.typed, issues: [...issues, ...again.issues], kept: again.kept }
  return toReply(await target.view(context), context, { status, by: 'view' })
}

// RFC 9457, with the issues by the name of their field
function problem(issues: readonly Issue[], status = 422): Reply {
  const errors: Record<string, string[]> = Object.create(null)
  for (const { name, message } of issues) {
    errors[name] ??= []
    errors[name].push(message)
  }
  const body = { type: 'about:blank', title: 'The form has invalid fields.', status, errors }
  return new Reply(status, problemHeaders, JSON.stringify(body))
}
