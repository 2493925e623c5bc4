import { currentEnvironment } from '../app/environment.ts'
import { log } from '../app/log.ts'

const running = new Set<() => Promise<void>>()
let isStopping = false

/**
 * Stops a server on SIGTERM or SIGINT. When all servers have stopped the process exits with 0; a second signal exits at
 * once, with 1. Gives the way to forget about it.
 */
export function stopOnSignals(stop: () => Promise<void>): () => void {
  if (running.size === 0) process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  running.add(stop)
  return () => {
    running.delete(stop)
    if (running.size === 0 && !isStopping) process.off('SIGTERM', onSignal).off('SIGINT', onSignal)
  }
}

function onSignal(): void {
  if (isStopping) process.exit(1)
  isStopping = true
  Promise.all([...running].map(async (stop) => stop())).then(
    () => process.exit(0),
    (error) => {
      log(currentEnvironment(), { event: 'uncaught', error })
      process.exit(1) // rather than to run on, deaf to the signal
    },
  )
}
