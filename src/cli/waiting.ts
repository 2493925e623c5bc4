const everyMs = 1000

/**
 * Says on a terminal, in a line that goes away again, for how long something has been going on: from its second second.
 * What is no terminal, as a file, gets nothing of it.
 */
export class Waiting {
  readonly #terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>
  readonly #timer: NodeJS.Timeout
  #seconds = 0

  constructor(terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>) {
    this.#terminal = terminal
    this.#timer = setInterval(() => this.#tell(), everyMs).unref()
  }

  /** Takes the line back. */
  end(): void {
    clearInterval(this.#timer)
    if (this.#seconds > 0 && this.#terminal.isTTY) this.#terminal.write('\r\u001b[K')
    this.#seconds = 0
  }

  #tell(): void {
    this.#seconds += 1
    if (this.#terminal.isTTY) this.#terminal.write(`\r… ${this.#seconds} s`)
  }
}
