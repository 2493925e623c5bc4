/** Gives the first SIGTERM or SIGINT. A second one ends the process at once, with 1, after `last` was called. */
export function untilSignal(last: () => void = () => {}): Promise<NodeJS.Signals> {
  let isAsked = false
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      if (isAsked) {
        last()
        process.exit(1)
      }
      isAsked = true
      resolve(signal)
    }
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  })
}
