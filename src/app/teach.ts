import type { Field } from '../form/field.ts'
import { readMediaType } from '../http/media-type.ts'
import { tokenField } from '../once/token.ts'
import type { Lesson } from './lessons.ts'
import type { Reply } from './reply.ts'
import { isShownAsPage } from './shown-as-page.ts'
import type { Answered } from './stations.ts'

/** Tells the author, in development, what is wrong with an answer that is right for now. */
export function teach(answered: Answered, reply: Reply): void {
  const { lessons } = answered.config
  if (lessons === null) return
  const told = answered.context.request.method === 'POST' ? ofPost(answered, reply) : ofPage(reply)
  if (looksLikeHtml(reply)) told.push(htmlAsText)
  for (const [lesson, text] of told) lessons.tell(answered.context, lesson, text)
}

type Told = readonly [Lesson, string]

function ofPost(answered: Answered, reply: Reply): Told[] {
  const { context, target, lack, fields, received } = answered
  const told: Told[] = []
  const hasHandler = target.kind === 'submit' || target.kind === 'handler'
  const isForm = hasHandler && fields !== null
  const isDone = context.isHandled && lack === null
  if (isForm && isDone && isSuccess(reply) && isShownAsPage(received.request, reply)) told.push(pageForPost)
  if (hasHandler && received.body.present && !context.isHandled && isSeeOther(reply)) told.push(redirectBefore(reply))
  if (isForm && isDone && (reply.status === 301 || reply.status === 308)) told.push(redirectRemembered(reply))
  const type = readMediaType(received.request.headers.get('content-type'))?.essence
  if (target.kind === 'submit' && target.form.takesFiles && type === urlencoded) told.push(formWithoutEnctype)
  if (context.saysInvalid && reply.status < 400) told.push(invalidNotReturned)
  return [...told, ...ofControls(answered, reply)]
}

const urlencoded = 'application/x-www-form-urlencoded'

const pageForPost: Told = [
  'page-for-post',
  `was answered with a page. Whoever reloads it is asked whether to send the form again. Answer with redirect('/somewhere'), and \
say what was done in a flash message there.`,
]

function redirectBefore(reply: Reply): Told {
  const to = reply.header('location')
  return [
    'redirect-before-handler',
    `was redirected to ${to} before its handler ran: what the person typed is gone. Let the page with the form ask first what this \
one asks, or answer 403, so that Back still has it.`,
  ]
}

function redirectRemembered({ status }: Reply): Told {
  return [
    'redirect-remembered',
    `was answered ${status}, which browsers remember: the next form may never arrive. Use redirect(to), which is 303.`,
  ]
}

const formWithoutEnctype: Told = [
  'form-without-enctype',
  `has a field for files, and came as ${urlencoded}: browsers then send the name of a file and not the file. Write \
<form method="post" enctype="multipart/form-data">, or let \${form} write it.`,
]

const invalidNotReturned: Told = [
  'invalid-not-returned',
  'was done although its handler called invalid(…), which only makes an answer. Write: return invalid(…).',
]

// Of a form that its author wrote by hand, and that was not done.
function ofControls({ target, fields, lack, path }: Answered, { status }: Reply): Told[] {
  if (fields === null || status !== 422) return []
  const told: Told[] = []
  if (lack?.code === 'once/token-missing' && !fields.get(tokenField)) told.push(formWithoutToken(path))
  const missing = target.kind !== 'submit' ? [] : (target.form.fields ?? []).filter(isAlwaysSent)
  const names = missing.map(({ name }) => name).filter((name) => !fields.has(name))
  if (names.length > 0) told.push(formWithoutField(names))
  return told
}

// A browser sends these also when they are empty. Of those in a list or an object nobody knows.
function isAlwaysSent({ kind }: Field): boolean {
  return kind === 'text' || kind === 'number' || kind === 'bigint' || kind === 'date'
}

function formWithoutToken(path: string): Told {
  return [
    'form-without-token',
    `came without the token of its form, so nothing was done. Put \${form}, \${form.hidden} or \${hidden('${path}')} inside the \
<form>.`,
  ]
}

function formWithoutField(names: readonly string[]): Told {
  return [
    'form-without-field',
    `came without ${names.join(', ')}. A control is sent by its name: write <input name="${names[0]}">, or let \${form} or \
\${form.field('${names[0]}')} write it.`,
  ]
}

function ofPage(reply: Reply): Told[] {
  if (!isPage(reply) || typeof reply.body !== 'string') return []
  return lacksEnctype(reply.body) ? [pageWithoutEnctype] : []
}

const pageWithoutEnctype: Told = [
  'page-without-enctype',
  `has <input type="file"> in a form without enctype="multipart/form-data": browsers send the name of the file and not the file.`,
]

function lacksEnctype(page: string): boolean {
  return [...page.matchAll(/<form\b([^>]*)>(.*?)<\/form\b/gis)].some(([, tag = '', inside = '']) => {
    return /<input\b[^>]*\btype\s*=\s*["']?file\b/i.test(inside) && !/multipart\/form-data/i.test(tag + inside)
  })
}

function isPage(reply: Reply): boolean {
  return isOf(reply, 'text/html')
}

function isText(reply: Reply): boolean {
  return isOf(reply, 'text/plain')
}

function isOf(reply: Reply, type: string): boolean {
  return isSuccess(reply) && reply.header('content-type')?.startsWith(type) === true
}

function isSuccess({ status }: Reply): boolean {
  return status >= 200 && status < 300
}

const htmlAsText: Told = [
  'html-as-text',
  'was answered with HTML as plain text, and browsers show its tags. A string is never HTML: write html`…`, which also escapes what is put in.',
]

function looksLikeHtml(reply: Reply): boolean {
  return isText(reply) && typeof reply.body === 'string' && /^\s*<(?:!doctype|[a-z][a-z0-9]*)[\s>]/i.test(reply.body)
}

function isSeeOther({ status }: Reply): boolean {
  return status === 301 || status === 302 || status === 303
}
