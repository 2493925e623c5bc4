import { readFileSync } from 'node:fs'

/**
 * A stopwatch that stands still while this process is ready to run and the machine has no processor for it, as on a busy
 * one: Linux counts that. What the process is busy with or waits for counts. Call it to stop; it gives the milliseconds.
 */
export function startStopwatch(): () => number {
  const startMs = performance.now()
  const startQueuedMs = queuedMs()
  return () => performance.now() - startMs - (queuedMs() - startQueuedMs)
}

/** How long the main thread has waited for a processor so far. The kernel's documentation, sched-stats: the second number. */
function queuedMs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0 // not on Linux: then it counts all
  }
}
