import type { IncomingMessage, ServerResponse } from 'node:http'
import { FastURL } from 'srvx/node'
import { type AnyDewar, enter } from '../app/dewar.ts'
import { currentEnvironment } from '../app/environment.ts'
import { log } from '../app/log.ts'
import { Reply } from '../app/reply.ts'
import { watchArrival } from './arrival.ts'
import { endWithThisAnswer, isEnding, setLatest } from './connection.ts'
import type { Exchange, Manner } from './exchange.ts'
import { type Forwarding, readForwarded } from './forwarded.ts'
import { judgeFraming } from './framing.ts'
import { nodeBody } from './node-body.ts'
import { type PlainReason, plainReply } from './plain-answer.ts'
import { ProxyNotice } from './proxy-notice.ts'
import { sendReply } from './send-reply.ts'
import { SocketRequest } from './socket-request.ts'
import { isLoopbackAddress, type Trust } from './trust-proxy.ts'

/** A handler of Node's HTTP/1 server. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/** How an app is put behind a server of Node. */
export interface HandlerSettings extends Manner {
  readonly trust: Trust
}

/** What a server asks of an app. */
export interface Handlers {
  readonly onRequest: NodeHandler
  /** For a client that waits for `100 Continue`, which is said when somebody reads the body.  RFC 9110 §10.1.1 */
  readonly onCheckContinue: NodeHandler
  /** For a client that expects something else: 417. */
  readonly onCheckExpectation: NodeHandler
}

/** Answers the requests of a Node server with an app. The web request is made by srvx, as far as somebody looks at it. */
export function handlersOf(app: AnyDewar, settings: HandlerSettings): Handlers {
  const answerBy = (answerOf: Answering, awaitsContinue: boolean): NodeHandler => {
    return (incoming, outgoing) => {
      const exchange = begin(incoming, outgoing, { settings, awaitsContinue })
      if (exchange !== null) send(answerOf, exchange)
    }
  }
  const isTold = settings.trust.kind === 'nobody' && currentEnvironment() === 'development'
  const notice = isTold ? new ProxyNotice() : null
  const ofApp: Answering = (exchange) => {
    notice?.look(exchange.incoming)
    return answer(app, exchange, settings.trust)
  }
  return {
    onRequest: answerBy(ofApp, false),
    onCheckContinue: answerBy(ofApp, true),
    onCheckExpectation: answerBy((exchange) => refuse(exchange, 'expectation-unknown'), true),
  }
}

type Answering = (exchange: Exchange) => Reply | Promise<Reply>

// `null` for a request behind an answer that ends the connection: it is not even looked at.
function begin(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { settings, awaitsContinue }: { readonly settings: HandlerSettings; readonly awaitsContinue: boolean },
): Exchange | null {
  const { socket } = incoming
  if (isEnding(socket)) return null
  setLatest(socket, outgoing)
  const { bodyGraceSeconds, bodyBytesPerSecond } = settings.timeouts
  const pace = { graceMs: bodyGraceSeconds * 1000, bytesPerSecond: bodyBytesPerSecond }
  return {
    incoming,
    outgoing,
    socket,
    arrival: watchArrival(incoming, outgoing, { pace, awaitsContinue }),
    manner: settings,
  }
}

async function send(answerOf: Answering, exchange: Exchange): Promise<void> {
  const { incoming, outgoing } = exchange
  let reply: Reply | null = null
  try {
    const coming = answerOf(exchange)
    reply = coming instanceof Reply ? coming : await coming
    await sendReply(reply, exchange)
  } catch (error) {
    const event = outgoing.headersSent ? 'answer-cut-short' : 'answer-not-sent'
    if (event === 'answer-cut-short') cutShort(outgoing)
    else await sendReply(instead(reply, exchange), exchange).catch(() => outgoing.destroy())
    log(currentEnvironment(), { event, method: incoming.method ?? '', path: pathOf(incoming), error })
  }
}

// So that nobody takes half an answer for a whole one. Something of it has to leave: browsers send a request again, a POST
// too, when a connection ends that was kept and nothing has come.  RFC 9110 §9.2.2, RFC 9112 §9.3.1
function cutShort(outgoing: ServerResponse): void {
  outgoing.flushHeaders()
  setImmediate(() => outgoing.destroy()) // Node holds back what was written just now until the next tick
}

// The cookies are of a session that has been kept: without them it would be lost.
function instead(reply: Reply | null, exchange: Exchange): Reply {
  const failed = refuse(exchange, 'answer-failed')
  for (const cookie of reply?.values('set-cookie') ?? []) failed.headers.push('set-cookie', cookie)
  return failed
}

// Without the query: it may hold what a person typed.
function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

function answer(app: AnyDewar, exchange: Exchange, trust: Trust): Reply | Promise<Reply> {
  const { incoming, outgoing, socket, arrival } = exchange
  const { method = '', url: target = '', rawHeaders, httpVersion } = incoming
  const verdict = judgeFraming({ method, target, rawHeaders, httpVersion })
  switch (verdict.kind) {
    case 'plain': {
      if (method === 'TRACE') endWithThisAnswer(socket)
      const request = new SocketRequest(incoming, outgoing)
      const peer = socket.remoteAddress ?? ''
      const forwarding = trust.kind === 'nobody' ? direct : readForwarded(forwardedHeaders(incoming), peer, trust)
      if (forwarding.kind === 'refused') return refuse(exchange, forwarding.reason)
      if (forwarding.kind === 'forwarded') readdress(request, forwarding)
      const client = forwarding.kind === 'forwarded' ? forwarding.client : peer
      return enter(app, {
        request,
        url: request._url ?? new URL(request.url),
        body: nodeBody(incoming, arrival),
        base: '',
        near: () => isLoopbackAddress(client) && !(forwarding.kind === 'direct' && isForwarded(incoming)),
        address: () => client,
      })
    }
    case 'server-wide':
      return new Reply(204, ['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'], null)
    case 'refused':
      return refuse(exchange, verdict.reason)
  }
}

const direct: Forwarding = { kind: 'direct' }

// By a proxy whose word nobody takes: then nobody knows where its client is. One that adds no header looks like a client.
function isForwarded({ headers }: IncomingMessage): boolean {
  return forwardingHeaders.some((name) => headers[name] !== undefined)
}

const forwardingHeaders: readonly string[] = [
  'via',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

function forwardedHeaders({ headers }: IncomingMessage): Parameters<typeof readForwarded>[0] {
  return {
    for: listed(headers['x-forwarded-for']),
    proto: listed(headers['x-forwarded-proto']),
    host: listed(headers['x-forwarded-host']),
  }
}

function listed(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(',') : value
}

// The web request says what the proxies say, of its address and of the client's.
function readdress(request: SocketRequest, { client, protocol, host }: Forwarding & { kind: 'forwarded' }): void {
  const asked = request._url ?? new URL(request.url)
  request._url = new FastURL({
    protocol: protocol ?? asked.protocol,
    host: host ?? asked.host,
    pathname: asked.pathname,
    search: asked.search,
  })
  Object.defineProperty(request, 'ip', { value: client, configurable: true, enumerable: true })
}

function refuse({ socket }: Exchange, reason: PlainReason): Reply {
  endWithThisAnswer(socket)
  return plainReply(reason)
}
