import type { IncomingMessage, ServerResponse } from 'node:http'
import { NodeRequest } from 'srvx/node'
import { type Dewar, enter } from '../app/dewar.ts'
import { Reply } from '../app/reply.ts'
import { tell } from '../app/tell.ts'
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
        outgoing.destroy()
        console.error(JSON.stringify({ level: 'error', event: 'answer-not-sent', error: tell(error) }))
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
      if (trustProxy !== false && !URL.canParse(request.url)) return refused('host-malformed') // by a proxy's X-Forwarded-Host
      return enter(app, {
        request,
        url: request._url ?? new URL(request.url),
        body: nodeBody(incoming),
        base: '',
        near: isNear(incoming),
      })
    }
    case 'server-wide':
      return new Reply(204, ['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'], null)
    case 'refused':
      return refused(verdict.reason)
  }
}

// Loopback addresses, also as IPv6 spells those of IPv4.  RFC 1122 §3.2.1.3, RFC 4291 §2.5.3
function isNear({ socket }: IncomingMessage): boolean {
  return /^(?:::1|(?:::ffff:)?127\..*)$/.test(socket.remoteAddress ?? '')
}

function refused(reason: keyof typeof sentences): Reply {
  return new Reply(400, refusedHeaders, `400 ${sentences[reason]}\n`)
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
