import { DewarError } from '../errors/dewar-error.ts'
import { refuseUnknown } from '../errors/refuse-options.ts'

/** How long a request and its answer may take on their way. How long the app takes has no limit. */
export interface ExchangeTimeouts {
  /** Seconds that every body may take to arrive. Default 20. Only time in which the server waits for it counts. */
  readonly bodyGraceSeconds: number
  /**
   * For every so many bytes received a body may take one second more. Default 500. A body that is slower makes reading
   * fail with `request/too-slow` (408), and the connection is closed.
   */
  readonly bodyBytesPerSecond: number
  /** Seconds after which a client that reads nothing of its answer is cut. Default 30. It is noticed within twice the time. */
  readonly sendIdleSeconds: number
  /**
   * Seconds for which an unread rest of a body is thrown away after the answer, so that a client which is still sending
   * gets to read it. Default 30. Then the connection is closed.
   */
  readonly lingerSeconds: number
  /** Seconds of silence after which such a rest is no longer waited for. Default 5. It is noticed within twice the time. */
  readonly lingerIdleSeconds: number
}

/** How long a connection is waited for. */
export interface Timeouts extends ExchangeTimeouts {
  /** Seconds that the head of a request may take to arrive, from its first byte or from the connection. Default 10. Then: 408. */
  readonly headersSeconds: number
  /** Seconds that an idle connection is kept for a next request. Default 5. */
  readonly keepAliveSeconds: number
}

const exchangeDefaults: ExchangeTimeouts = {
  bodyGraceSeconds: 20,
  bodyBytesPerSecond: 500,
  sendIdleSeconds: 30,
  lingerSeconds: 30,
  lingerIdleSeconds: 5,
}

const connectionDefaults: Timeouts = { ...exchangeDefaults, headersSeconds: 10, keepAliveSeconds: 5 }

/** The timeouts of `serve`. Throws `app/option-invalid` for an unknown one, or one that is no number above 0. */
export function readTimeouts(given: Partial<Timeouts> = {}): Timeouts {
  return read(given, connectionDefaults)
}

/** The timeouts of `toNodeHandler`: the others belong to the server. Throws as `readTimeouts` does. */
export function readExchangeTimeouts(given: Partial<ExchangeTimeouts> = {}): ExchangeTimeouts {
  return read(given, exchangeDefaults)
}

// A timer of Node holds no more than 24 days. For bytes it is only a number.
const most = 1_000_000_000
const mostSeconds = 1_000_000

function read<Numbers extends Readonly<Record<keyof Numbers, number>>>(
  given: Partial<Numbers>,
  defaults: Numbers,
): Numbers {
  refuseUnknown('timeouts', given, Object.keys(defaults))
  for (const [name, value] of Object.entries(given)) {
    const limit = name.endsWith('Seconds') ? mostSeconds : most
    if (typeof value === 'number' && value > 0 && value <= limit) continue
    throw new DewarError(
      'app/option-invalid',
      `timeouts.${name} is ${String(value)}; it must be a number above 0, and at most ${limit}.`,
    )
  }
  return { ...defaults, ...given }
}
