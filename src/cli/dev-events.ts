import { Reply } from '../app/reply.ts'

const heartbeatMs = 15_000
const text = new TextEncoder()

/** The streams of server-sent events: those of open pages, which hear of changes, and those of the app. WHATWG HTML §9.2 */
export class DevEvents {
  #run: string
  readonly #pages = new Set<ReadableStreamDefaultController<Uint8Array>>()
  readonly #ends = new Set<() => void>()
  #isOver = false

  constructor(run: string) {
    this.#run = run
  }

  /** The name of what is served now. */
  get run(): string {
    return this.#run
  }

  /** A stream that says at once what is served, and whenever that changes. */
  open(): Reply {
    let beat: NodeJS.Timeout | undefined
    let own: ReadableStreamDefaultController<Uint8Array> | undefined
    const leave = (): void => {
      clearInterval(beat)
      if (own !== undefined) this.#pages.delete(own)
      this.#ends.delete(finish)
    }
    const finish = (): void => {
      leave()
      if (own !== undefined) end(own)
    }
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        own = controller
        this.#pages.add(controller)
        controller.enqueue(text.encode(`retry: 100\n${eventOf(this.#run)}`))
        if (this.#isOver) end(controller)
        else beat = setInterval(() => controller.enqueue(text.encode(':\n\n')), heartbeatMs).unref()
      },
      cancel: leave,
    })
    this.#ends.add(finish)
    return new Reply(200, ['content-type', 'text/event-stream', 'cache-control', 'no-store'], stream)
  }

  /** Something else is served from now on. */
  refresh(run: string): void {
    this.#run = run
    for (const page of this.#pages) page.enqueue(text.encode(eventOf(run)))
  }

  /** The same reply; if it is a stream of events, it ends when all end. Else it would go on for as long as its page. */
  endable(reply: Reply): Reply {
    if (!(reply.body instanceof ReadableStream) || !isOfEvents(reply)) return reply
    const reader = reply.body.getReader()
    let finish = (): void => {}
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        finish = () => {
          end(controller)
          reader.cancel().catch(() => {})
        }
      },
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) end(controller)
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    })
    this.#ends.add(finish)
    const leave = (): boolean => this.#ends.delete(finish)
    reader.closed.then(leave, leave) // it is done, cancelled or broken
    return new Reply(reply.status, reply.headers, body)
  }

  /** Ends all streams: what their pages ask next is for another process. */
  end(): void {
    this.#isOver = true
    for (const end of this.#ends) end()
    this.#ends.clear()
  }
}

function isOfEvents(reply: Reply): boolean {
  return /^text\/event-stream\b/i.test(reply.header('content-type') ?? '')
}

function eventOf(run: string): string {
  return `data: ${run}\n\n`
}

function end(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close()
  } catch {
    // it has ended already
  }
}
