import type { Stored } from './house.ts'
import { logError } from './log.ts'
import type { RequestContext } from './request-context.ts'

/**
 * Runs a handler. What it has committed is its answer, whatever it returns or throws afterwards: whoever sends the same
 * again gets that one too. A commit that it did not wait for is waited for here.
 */
export async function run(handler: Stored, context: RequestContext): Promise<unknown> {
  context.isHandled = true
  context.isRunning = true
  try {
    const value = await handler(context)
    if (context.committing !== null) await context.committing
    return context.committed?.reply ?? value
  } catch (error) {
    await context.committing?.catch(() => {}) // it tells of itself where nobody waits for it
    if (context.committed === null) throw error
    logError(context.env, error, context)
    return context.committed.reply
  } finally {
    context.isRunning = false
  }
}
