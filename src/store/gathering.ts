/**
 * Gathers what is asked for in one turn of the event loop, so that it can be done together at the end of the turn. Who
 * comes alone does not wait for company: the first one goes on at once, unless several came in the turn before.
 */
export class Gathering<Task> {
  readonly #deliver: (tasks: readonly Task[]) => void
  #gathered: Task[] = []
  #came = 0
  #isCrowded = false

  constructor(deliver: (tasks: readonly Task[]) => void) {
    this.#deliver = deliver
  }

  add(task: Task): void {
    this.#came += 1
    // Not a microtask: the requests on other sockets are read after those.
    if (this.#came === 1) setImmediate(() => this.#endTurn())
    if (this.#came === 1 && !this.#isCrowded) this.#deliver([task])
    else this.#gathered.push(task)
  }

  #endTurn(): void {
    const gathered = this.#gathered
    this.#isCrowded = this.#came > 1
    this.#gathered = []
    this.#came = 0
    if (gathered.length > 0) this.#deliver(gathered)
  }
}
