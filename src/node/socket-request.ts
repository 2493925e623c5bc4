import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { NodeRequest } from 'srvx/node'
import { DewarError } from '../errors/dewar-error.ts'

/**
 * The web request of a message, made by srvx as far as somebody looks at it. Its signal is aborted when the client goes
 * away before its answer is written, or before its body has come. srvx would also abort it when a reader of the body
 * has enough of it.
 */
export class SocketRequest extends NodeRequest {
  readonly #incoming: IncomingMessage
  readonly #outgoing: ServerResponse
  readonly #socket: Socket
  #controller: AbortController | undefined

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    super({ req: incoming, res: outgoing })
    this.#incoming = incoming
    this.#outgoing = outgoing
    this.#socket = incoming.socket
  }

  /** Where srvx takes the signal from. */
  get _abortController(): AbortController {
    if (this.#controller !== undefined) return this.#controller
    const controller = new AbortController()
    this.#controller = controller
    const [incoming, outgoing, socket] = [this.#incoming, this.#outgoing, this.#socket]
    const abortIfGone = (): void => {
      const isAnswerCut = (outgoing.destroyed || socket.destroyed) && !outgoing.writableEnded
      if (isAnswerCut || isBodyCut(incoming)) controller.abort()
    }
    abortIfGone()
    incoming.once('close', abortIfGone)
    outgoing.once('close', abortIfGone)
    if (outgoing.socket === null) socket.once('close', abortIfGone) // in line: Node 22 tells it nothing
    return controller
  }
}

function isBodyCut({ errored }: IncomingMessage): boolean {
  return errored instanceof DewarError && errored.code === 'form/body-cut-short'
}
