import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

// On the socket itself: a map would be looked up for every request.
const latest = Symbol('latest')
const ending = Symbol('ending')

type Connection = Socket & { [latest]?: ServerResponse; [ending]?: true }

/** Remembers the answer that is last in line on a connection. */
export function setLatest(socket: Socket, outgoing: ServerResponse): void {
  ;(socket as Connection)[latest] = outgoing // a socket may carry any property
}

/** The answer that is last in line on a connection, if it is still on its way. */
export function unfinishedOn(socket: Socket): ServerResponse | null {
  const outgoing = (socket as Connection)[latest]
  return outgoing === undefined || outgoing.writableFinished ? null : outgoing
}

/** Says that no further request of a connection is answered, because an answer said `Connection: close`.  RFC 9112 §9.6 */
export function endWithThisAnswer(socket: Socket): void {
  ;(socket as Connection)[ending] = true
}

/** Whether no further request of a connection is answered. */
export function isEnding(socket: Socket): boolean {
  return (socket as Connection)[ending] === true
}
