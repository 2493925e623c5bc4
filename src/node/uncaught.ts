import { currentEnvironment } from '../app/environment.ts'
import { log } from '../app/log.ts'

let servers = 0

/**
 * Lets the process live when something is thrown that nobody catches, and logs it, until the last server that asked for
 * it is done. Gives the way to be done.
 */
export function surviveUncaught(): () => void {
  servers += 1
  if (servers === 1) {
    process.on('uncaughtException', onUncaught).on('unhandledRejection', onUncaught)
    process.stderr.on('error', ignore)
  }
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    servers -= 1
    if (servers > 0) return
    process.off('uncaughtException', onUncaught).off('unhandledRejection', onUncaught)
    process.stderr.off('error', ignore)
  }
}

function onUncaught(error: unknown): void {
  log(currentEnvironment(), { event: 'uncaught', error })
}

// When nobody reads the log, saying so in the log would fail again, and so on without an end.
function ignore(): void {}
