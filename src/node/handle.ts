import type { IncomingMessage } from 'node:http'
import type { ServerRequest } from 'srvx'
import { type Dewar, enter } from '../app/dewar.ts'
import { judgeFraming } from './framing.ts'
import { nodeBody } from './node-body.ts'

/** Answers one request of a Node server with an app. */
export function handle(app: Dewar<object>, request: ServerRequest): Response | Promise<Response> {
  const incoming = request.runtime?.node?.req as IncomingMessage | undefined // HTTP/1 alone is served
  if (incoming === undefined) return app.fetch(request)
  const verdict = judgeFraming({
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    rawHeaders: incoming.rawHeaders,
    httpVersion: incoming.httpVersion,
  })
  switch (verdict.kind) {
    case 'plain':
      return enter(app, { request, url: new URL(request.url), body: nodeBody(incoming), base: '' })
    case 'server-wide':
      return new Response(null, { status: 204, headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' } })
    case 'refused':
      return new Response(`400 ${sentences[verdict.reason]}\n`, { status: 400, headers: refusedHeaders })
  }
}

const sentences = {
  'host-missing': 'The request has no Host header.',
  'host-repeated': 'The request has more than one Host header.',
  'host-malformed': 'The Host header is malformed.',
  'host-differs': 'The request target names another host than the Host header.',
  'target-malformed': 'The request target is malformed.',
}

const refusedHeaders = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
  connection: 'close',
}
