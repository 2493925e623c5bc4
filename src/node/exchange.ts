import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Arrival } from './arrival.ts'
import type { ExchangeTimeouts } from './timeouts.ts'

/** One request and its answer on a connection. */
export interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** The connection. Kept here, for a message that was destroyed knows its socket no more. */
  readonly socket: Socket
  /** The body on its way in; `null` if there is none. */
  readonly arrival: Arrival | null
  readonly manner: Manner
}

/** How exchanges are held. */
export interface Manner {
  readonly timeouts: ExchangeTimeouts
  /** Whether the server stops, so that connections end with the answer they wait for. */
  readonly isStopping: () => boolean
}
