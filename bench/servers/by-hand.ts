import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Codec, Session } from '../seal/session.ts'
import { acceptedName, escapeHtml, thankYouPage } from './page.ts'
import { host, lifetimeSeconds, port } from './settings.ts'

const maxBodyBytes = 64 * 1024

/** Serves the loop on `node:http` with nothing between, the session in a cookie made by `codec`. */
export function serveByHand(codec: Codec): void {
  const server = createServer((request, response) => {
    if (request.method === 'POST' && request.url === '/submit') return submit(codec, request, response)
    if (request.method === 'GET' && request.url === '/thankyou') return thankYou(codec, request, response)
    response.writeHead(404).end()
  })
  server.listen(port, host)
}

function submit(codec: Codec, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBodyBytes) response.writeHead(413, { connection: 'close' }).end()
    else chunks.push(chunk)
  })
  request.on('end', () => {
    if (response.writableEnded) return
    const name = acceptedName(new URLSearchParams(Buffer.concat(chunks).toString()).get('username'))
    if (name === undefined) return void response.writeHead(422).end()
    const visits = (readSession(codec, request)?.visits ?? 0) + 1
    const cookie = codec.seal({ username: name, visits, issuedAt: Math.floor(Date.now() / 1000) })
    const setCookie = `session=${cookie}; Max-Age=${lifetimeSeconds}; Path=/; HttpOnly; SameSite=Lax`
    response.writeHead(303, { Location: '/thankyou', 'Set-Cookie': setCookie, 'Content-Length': '0' }).end()
  })
}

function thankYou(codec: Codec, request: IncomingMessage, response: ServerResponse): void {
  const page = thankYouPage(escapeHtml(readSession(codec, request)?.username ?? 'stranger'))
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(page) }
  response.writeHead(200, headers).end(page)
}

function readSession(codec: Codec, request: IncomingMessage): Session | undefined {
  const cookie = /(?:^|; )session=([^;]*)/.exec(request.headers.cookie ?? '')?.[1]
  const session = cookie === undefined ? undefined : codec.open(cookie)
  const isFresh = session !== undefined && session.issuedAt + lifetimeSeconds > Date.now() / 1000
  return isFresh ? session : undefined
}
