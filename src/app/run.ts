import type { Stored } from './house.ts'
import { logError } from './log.ts'
import type { RequestContext } from './request-context.ts'

/**
 * Runs a handler. What it has committed is its answer, whatever it returns or throws afterwards: whoever sends the same
 * again gets that one too.
 */
export async function run(handler: Stored, context: RequestContext): Promise<unknown> {
  context.isHandled = true
  try {
    const value = await handler(context)
    return context.committed?.reply ?? value
  } catch (error) {
    if (context.committed === null) throw error
    logError(context.env, error, context)
    return context.committed.reply
  }
}
