import { IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { DewarError } from '../errors/dewar-error.ts'
import { Allowance, type Pace } from './allowance.ts'

/** What a request's body is watched with. */
export interface Watch {
  readonly pace: Pace
  /** Whether the client waits for `100 Continue` before it sends the body, and nobody has said it yet. */
  readonly awaitsContinue: boolean
}

/** As much of a body as is worth reading to keep a connection: 64 KiB. */
export const littleBytes: number = 64 * 1024

/**
 * Watches how the body of a request comes in, whoever reads it: at the message itself, for an app may read it by way of
 * the web request. `null` if the request has none.  RFC 9112 §6.3
 *
 * - `100 Continue` is said when somebody begins to read.
 * - A client that is too slow makes reading fail with `request/too-slow`.
 * - One who stops reading, or destroys the message, leaves the connection alone: the answer has still to be sent.
 */
export function watchArrival(incoming: IncomingMessage, outgoing: ServerResponse, watch: Watch): Arrival | null {
  const { 'content-length': length, 'transfer-encoding': coding } = incoming.headers
  if (coding === undefined && !(Number(length) > 0)) return null
  const arrival = new Arrival({
    incoming,
    outgoing,
    watch,
    declaredBytes: coding === undefined ? Number(length) : null,
  })
  const watched = incoming as Watched // it is, after the next line
  watched[key] = arrival
  watched._read = read
  watched.push = push
  watched._destroy = destroy
  return arrival
}

/** A body on its way in. */
export class Arrival {
  /** How long the client says it is, in bytes; `null` if it comes in chunks. */
  readonly declaredBytes: number | null
  readonly socket: Socket
  readonly #incoming: IncomingMessage
  readonly #outgoing: ServerResponse
  readonly #allowance: Allowance
  #receivedBytes = 0
  #awaitsContinue: boolean
  #isTaken = false
  #isDiscarding = false
  #hasFailed = false
  #hasEnded: boolean
  #timer: NodeJS.Timeout | undefined
  #onEnd: (() => void) | undefined

  constructor({ incoming, outgoing, watch, declaredBytes }: ArrivalParts) {
    this.declaredBytes = declaredBytes
    this.socket = incoming.socket
    this.#incoming = incoming
    this.#outgoing = outgoing
    this.#allowance = new Allowance(watch.pace)
    this.#awaitsContinue = watch.awaitsContinue
    this.#hasEnded = incoming.complete
  }

  /**
   * How much is still to come. `much` is what nobody should wait for only to keep the connection: more than 64 KiB, an
   * unknown length, or a body that the client may never send because nobody told it to go on.  RFC 9110 §10.1.1
   */
  get left(): 'nothing' | 'little' | 'much' {
    if (this.#hasEnded) return 'nothing'
    if (this.#awaitsContinue || this.#hasFailed || this.declaredBytes === null) return 'much'
    return this.declaredBytes - this.#receivedBytes <= littleBytes ? 'little' : 'much'
  }

  /** Claims the body for one reader. Throws a TypeError if somebody has read it, or reads it. */
  take(): void {
    const { readableDidRead, destroyed } = this.#incoming
    if (readableDidRead || destroyed || this.#isTaken) throw new TypeError('The body was read already.')
    this.#isTaken = true
  }

  /** Nobody waits for more of it just now. */
  unwanted(): void {
    this.#allowance.stop(performance.now())
  }

  /** Makes reading fail. The connection stays, for the answer. */
  fail(error: DewarError): void {
    if (this.#hasEnded) return
    this.#hasFailed = true
    this.#incoming.destroy(error)
  }

  /** Throws away what still comes; whoever is still reading is cut short. `onEnd` is called when all of it has come. */
  discard(onEnd: () => void): void {
    this.#isDiscarding = true
    this.#onEnd = onEnd
    clearTimeout(this.#timer)
    this.#incoming.destroy()
    this.socket.resume()
  }

  /** Somebody asks for more of it. For the message. */
  want(): void {
    if (this.#awaitsContinue && !this.#outgoing.headersSent) {
      this.#awaitsContinue = false
      this.#outgoing.writeContinue()
    }
    if (this.#hasEnded || this.#allowance.isRunning) return
    const now = performance.now()
    this.#allowance.start(now)
    this.#timer ??= setTimeout(() => this.#check(), this.#allowance.leftMs(now))
  }

  /** Takes what the parser has read, `null` for the end; says whether it may read on. For the message. */
  receive(chunk: Uint8Array | null): boolean {
    if (chunk === null) return this.#end()
    this.#receivedBytes += chunk.length
    this.#allowance.receive(chunk.length)
    if (this.#isDiscarding) return true
    const mayReadOn = IncomingMessage.prototype.push.call(this.#incoming, chunk)
    if (!mayReadOn) this.unwanted()
    return mayReadOn
  }

  /** The message is destroyed: by a reader who has enough, or because the connection is gone. For the message. */
  leave(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#timer)
    const isGone = this.socket.destroyed
    if (isGone || (this.#hasEnded && this.#incoming.readableEnded)) {
      const reason = isGone && error !== null && !(error instanceof DewarError) ? cutShort(error) : error
      IncomingMessage.prototype._destroy.call(this.#incoming, reason, callback)
      return
    }
    // As Node does: an error that nobody listens for is not thrown.
    process.nextTick(() => callback(this.#incoming.listenerCount('error') === 0 ? null : error))
  }

  #end(): boolean {
    this.#hasEnded = true
    clearTimeout(this.#timer)
    const mayReadOn = IncomingMessage.prototype.push.call(this.#incoming, null)
    this.#onEnd?.()
    return mayReadOn
  }

  #check(): void {
    this.#timer = undefined
    if (!this.#allowance.isRunning) return // whoever asks for more sets the timer again
    const leftMs = this.#allowance.leftMs(performance.now())
    if (leftMs <= 0) this.fail(new DewarError('request/too-slow'))
    else this.#timer = setTimeout(() => this.#check(), leftMs)
  }
}

interface ArrivalParts {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly watch: Watch
  readonly declaredBytes: number | null
}

function cutShort(cause: Error): DewarError {
  return new DewarError('form/body-cut-short', undefined, { cause })
}

const key = Symbol('arrival')

type Watched = IncomingMessage & { [key]: Arrival }

/** The body of a request that is watched. */
export function arrivalOf(incoming: IncomingMessage): Arrival | null {
  return (incoming as Partial<Watched>)[key] ?? null // any message may be asked
}

function read(this: Watched, size: number): void {
  this[key].want()
  IncomingMessage.prototype._read.call(this, size)
}

function push(this: Watched, chunk: Uint8Array | null): boolean {
  return this[key].receive(chunk)
}

function destroy(this: Watched, error: Error | null, callback: (error?: Error | null) => void): void {
  this[key].leave(error, callback)
}
