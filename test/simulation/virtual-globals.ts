import type { World } from './world.ts'

/**
 * Runs work while timers, chance and the log of this realm are the world's.
 *
 * The framework waits in two places only: for somebody who is at the same submission, and between two tries to write a
 * session. Both ask the global timer, as any program does. An option to hand the waiting in would be a public door that
 * every clock of an app's own would have to serve; here nothing else runs in the realm, so its timer is moved instead.
 */
export async function withVirtualGlobals<Result>(world: World, work: () => Promise<Result>): Promise<Result> {
  const { setTimeout } = globalThis
  const { random } = Math
  const { error } = console
  const { stackTraceLimit } = Error
  globalThis.setTimeout = ((run: () => void, delayMs: number) => {
    world.plan('a timer ends', run, { delayMs })
  }) as unknown as typeof setTimeout // nobody in here keeps the handle
  Math.random = () => world.chance.fraction()
  console.error = (line: string) => world.note(`log: ${line.slice(0, 400)}`)
  Error.stackTraceLimit = 0 // thousands of errors are made, and nobody reads where
  try {
    return await work()
  } finally {
    globalThis.setTimeout = setTimeout
    Math.random = random
    console.error = error
    Error.stackTraceLimit = stackTraceLimit
  }
}
