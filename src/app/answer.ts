import { DewarError } from '../errors/dewar-error.ts'
import { HttpError } from '../errors/http-error.ts'
import { isBelow } from '../routing/path.ts'
import { failureOf, refusal, viewerOf } from './failure.ts'
import type { House, StoredMiddleware, Target } from './house.ts'
import { lackPage } from './lack.ts'
import { logError } from './log.ts'
import type { Reply } from './reply.ts'
import { RequestContext } from './request-context.ts'
import { run } from './run.ts'
import type { Answered, Opened } from './stations.ts'
import { statusPage } from './status-page.ts'
import { show, submit } from './submit.ts'
import { toReply } from './to-reply.ts'

/**
 * Lets the app answer: its middleware around its handler. Whatever is thrown becomes a page, and what was done until
 * then is undone. What the app's own `onError` does is kept, if it does not answer 5xx.
 */
export function answer(house: House, opened: Opened): Promise<Answered> {
  return answerWith(house, opened, (context) => through(house.middleware, opened, context))
}

/** The same for work that is not the route's handler. */
export async function answerWith(
  house: House,
  opened: Opened,
  work: (context: RequestContext) => Promise<Reply>,
): Promise<Answered> {
  const context = new RequestContext(opened)
  try {
    return { ...opened, context, reply: await undoing(context, () => work(context)) }
  } catch (error) {
    return { ...opened, context, reply: await fail(house, opened, context, error) }
  }
}

// A handler that throws or answers 5xx has changed nothing, also where a middleware makes another answer of it.
async function undoing(context: RequestContext, work: () => Promise<Reply>): Promise<Reply> {
  const undo = context.undoer()
  try {
    const reply = await work()
    if (reply.status >= 500) undo()
    return reply
  } catch (error) {
    undo()
    throw error
  }
}

function through(middleware: readonly StoredMiddleware[], opened: Opened, context: RequestContext): Promise<Reply> {
  if (middleware.length === 0) return handle(opened, context)
  const around = middleware.filter(({ prefix }) => isBelow(opened.path, prefix))
  const runFrom = async (index: number): Promise<Reply> => {
    const next = around[index]
    if (next === undefined) return handle(opened, context)
    let called = false
    const value = await next.run(context, () => {
      if (called) throw new DewarError('app/next-called-twice')
      called = true
      const passed = undoing(context, () => runFrom(index + 1)).then((reply) => context.pass(reply))
      passed.catch(() => {}) // a middleware may answer without waiting; one that waits is thrown at all the same
      return passed
    })
    return toReply(value, context, { by: 'middleware' })
  }
  return runFrom(0)
}

function handle(opened: Opened, context: RequestContext): Promise<Reply> {
  const { target, received } = opened
  switch (target.kind) {
    case 'handler':
      return handleOnce(target, opened, context)
    case 'status':
      return statusPage(opened)
    case 'form':
      return show(target.form, target.handler, context)
    case 'submit':
      return submit(target, opened, context)
    case 'mount':
      return target.enter(received)
    case 'missing':
      return handleMissing(target, opened, context)
  }
}

async function handleMissing(
  { handler }: Target & { kind: 'missing' },
  opened: Opened,
  context: RequestContext,
): Promise<Reply> {
  if (handler === null) return refusal(viewerOf(opened), { status: 404 })
  return toReply(await handler(context), context, { status: 404 })
}

// A route without a form of its own has none to show again.
async function handleOnce(
  target: Target & { kind: 'handler' },
  opened: Opened,
  context: RequestContext,
): Promise<Reply> {
  const { lack } = opened
  if (lack !== null) return lackPage(opened, lack)
  const reply = await toReply(await run(target.handler, context), context)
  context.isDone = reply.status < 400
  return reply
}

async function fail(house: House, opened: Opened, context: RequestContext, error: unknown): Promise<Reply> {
  opened.received.trace?.fail(error)
  const status = error instanceof HttpError || error instanceof DewarError ? error.status : 500
  if (status >= 500) logError(house.config.env, error, context)
  const { onError } = house
  if (onError === null) return failureOf(viewerOf(opened), error)
  try {
    return await undoing(context, async () => toReply(await onError(error, context), context, { status }))
  } catch (second) {
    logError(house.config.env, second, context)
    return failureOf(viewerOf(opened), second)
  }
}
