import type { IncomingMessage, ServerResponse } from 'node:http'
import { NodeRequest } from 'srvx/node'
import { type Dewar, enter } from '../app/dewar.ts'
import { Reply } from '../app/reply.ts'
import { judgeFraming } from './framing.ts'
import { nodeBody } from './node-body.ts'
import { sendReply } from './send-reply.ts'
import type { TrustProxy } from './trust-proxy.ts'

/** A handler of Node's HTTP/1 server. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/** Answers the requests of a Node server with an app. The web request is made by srvx, as far as somebody looks at it. */
export function handlerOf(app: Dewar<object>, trusted: TrustProxy): NodeHandler {
  const trustProxy = typeof trusted === 'object' ? [...trusted] : trusted
  return (incoming, outgoing) => {
    answer(app, incoming, outgoing, trustProxy)
      .then((reply) => sendReply(reply, incoming, outgoing))
      .catch((error: unknown) => {
        console.error('An answer could not be sent:', error)
        outgoing.destroy()
      })
  }
}

async function answer(
  app: Dewar<object>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  trustProxy: false | 'loopback' | string[],
): Promise<Reply> {
  const { method = '', url: target = '', rawHeaders, httpVersion } = incoming
  const verdict = judgeFraming({ method, target, rawHeaders, httpVersion })
  switch (verdict.kind) {
    case 'plain': {
      const request = new NodeRequest({ req: incoming, res: outgoing, trustProxy })
      return enter(app, { request, url: request._url ?? new URL(request.url), body: nodeBody(incoming), base: '' })
    }
    case 'server-wide':
      return new Reply(204, ['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'], null)
    case 'refused':
      return new Reply(400, refusedHeaders, `400 ${sentences[verdict.reason]}\n`)
  }
}

const sentences = {
  'host-missing': 'The request has no Host header.',
  'host-repeated': 'The request has more than one Host header.',
  'host-malformed': 'The Host header is malformed.',
  'host-differs': 'The request target names another host than the Host header.',
  'target-malformed': 'The request target is malformed.',
}

const refusedHeaders = [
  'content-type',
  'text/plain; charset=utf-8',
  'x-content-type-options',
  'nosniff',
  'connection',
  'close',
] as const
