import { styleText } from 'node:util'
import type { Received } from '../app/house.ts'
import { inOneLine } from '../app/log.ts'
import type { Reply } from '../app/reply.ts'

/** A request and what came of it. */
export interface Asked {
  readonly received: Received
  readonly reply: Reply
  /** From the request to the reply; sending it is not in it. */
  readonly tookMs: number
}

/** The line of a request in the log: `12:01:03 POST /orders/new 303 → /orders/7 12 ms`. */
export function requestLine({ received, reply, tookMs }: Asked): string {
  const { request, url } = received
  const to = reply.header('location')
  const words = [
    new Date().toTimeString().slice(0, 8),
    inOneLine(request.method),
    inOneLine(url.pathname),
    styleText(colourOf(reply.status), String(reply.status), { stream: process.stdout }),
    ...(to === undefined ? [] : ['→', inOneLine(to.split(/[?#]/, 1)[0] ?? '')]),
    `${tookMs < 10 ? tookMs.toFixed(1) : Math.round(tookMs)} ms`,
  ]
  return words.join(' ')
}

function colourOf(status: number): 'green' | 'cyan' | 'yellow' | 'red' {
  if (status < 300) return 'green'
  if (status < 400) return 'cyan'
  return status < 500 ? 'yellow' : 'red'
}
