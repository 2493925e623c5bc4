import { DewarError } from '../errors/dewar-error.ts'
import { HttpError } from '../errors/http-error.ts'
import { isBelow } from '../routing/path.ts'
import { failureOf, refusal, type Viewer } from './failure.ts'
import type { House, StoredMiddleware } from './house.ts'
import { logError } from './log.ts'
import type { Reply } from './reply.ts'
import { RequestContext } from './request-context.ts'
import type { Answered, Opened } from './stations.ts'
import { show, submit } from './submit.ts'
import { toReply } from './to-reply.ts'

/** Lets the app answer: its middleware around its handler. Whatever is thrown becomes a page, and nothing is kept then. */
export async function answer(house: House, opened: Opened): Promise<Answered> {
  const context = new RequestContext(opened)
  try {
    const reply = await through(house.middleware, opened, context)
    return { ...opened, context, reply, outcome: reply.status < 500 ? 'kept' : 'failed' }
  } catch (error) {
    return { ...opened, context, reply: await fail(house, context, error), outcome: 'failed' }
  }
}

function through(middleware: readonly StoredMiddleware[], opened: Opened, context: RequestContext): Promise<Reply> {
  if (middleware.length === 0) return handle(opened, context)
  const around = middleware.filter(({ prefix }) => isBelow(opened.path, prefix))
  const runFrom = async (index: number): Promise<Reply> => {
    const next = around[index]
    if (next === undefined) return handle(opened, context)
    let called = false
    const value = await next.run(context, async () => {
      if (called) throw new DewarError('app/next-called-twice')
      called = true
      return context.pass(await runFrom(index + 1))
    })
    return toReply(value, context)
  }
  return runFrom(0)
}

async function handle(opened: Opened, context: RequestContext): Promise<Reply> {
  const { target, received } = opened
  switch (target.kind) {
    case 'handler':
      return toReply(await target.handler(context), context)
    case 'form':
      return show(target.form, target.handler, context)
    case 'submit':
      return submit(target, context)
    case 'mount':
      return target.enter(received)
    case 'missing':
      if (target.handler === null) return refusal(viewerOf(opened), { status: 404 })
      return toReply(await target.handler(context), context, 404)
  }
}

async function fail(house: House, context: RequestContext, error: unknown): Promise<Reply> {
  const viewer = { request: context.request, url: context.url, env: house.config.env }
  const status = error instanceof HttpError || error instanceof DewarError ? error.status : 500
  if (status >= 500) logError(house.config.env, error, context)
  if (house.onError === null) return failureOf(viewer, error)
  try {
    return toReply(await house.onError(error, context), context, status)
  } catch (second) {
    logError(house.config.env, second, context)
    return failureOf(viewer, second)
  }
}

function viewerOf({ received, config }: Opened): Viewer {
  return { request: received.request, url: received.url, env: config.env }
}
