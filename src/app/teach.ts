import { readMediaType } from '../http/media-type.ts'
import type { Lesson } from './lessons.ts'
import type { Reply } from './reply.ts'
import type { Answered } from './stations.ts'

/** Tells the author, in development, what is wrong with an answer that is right for now. */
export function teach(answered: Answered, reply: Reply): void {
  const { lessons } = answered.config
  if (lessons === null) return
  const told = answered.context.request.method === 'POST' ? ofPost(answered, reply) : ofPage(reply)
  for (const [lesson, text] of told) lessons.tell(answered.context, lesson, text)
}

type Told = readonly [Lesson, string]

function ofPost({ context, target, lack, fields, received }: Answered, reply: Reply): readonly Told[] {
  const { headers } = received.request
  const told: Told[] = []
  const hasHandler = target.kind === 'submit' || target.kind === 'handler'
  const isForm = hasHandler && fields !== null
  const isDone = context.isHandled && lack === null
  const mode = headers.get('sec-fetch-mode') // a script that asked for a piece of a page shows it, and nobody reloads it
  if (isForm && isDone && isPage(reply) && (mode === null || mode === 'navigate')) told.push(pageForPost)
  if (hasHandler && received.body.present && !context.isHandled && isSeeOther(reply)) told.push(redirectBefore(reply))
  if (isForm && isDone && (reply.status === 301 || reply.status === 308)) told.push(redirectRemembered(reply))
  const type = readMediaType(headers.get('content-type'))?.essence
  if (target.kind === 'submit' && target.form.takesFiles && type === urlencoded) told.push(formWithoutEnctype)
  return told
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

function ofPage(reply: Reply): readonly Told[] {
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
  return reply.status >= 200 && reply.status < 300 && reply.header('content-type')?.startsWith('text/html') === true
}

function isSeeOther({ status }: Reply): boolean {
  return status === 301 || status === 302 || status === 303
}
