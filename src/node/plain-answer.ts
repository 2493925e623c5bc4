import { STATUS_CODES } from 'node:http'
import { Reply } from '../app/reply.ts'
import type { FramingReason } from './framing.ts'

/** Why a request gets an answer in plain text: mostly before any app has seen it. */
export type PlainReason =
  | FramingReason
  | 'malformed'
  /** The answer of the app could not be sent. */
  | 'answer-failed'
  | 'head-too-slow'
  | 'head-too-large'
  | 'expectation-unknown'
  | 'tunnel'
  | 'forwarded-host-malformed'
  | 'forwarded-proto-malformed'

/** The answer to a request that no app answers. The connection ends with it. */
export function plainReply(reason: PlainReason): Reply {
  const { status, text, headers } = parts(reason)
  return new Reply(status, headers, text)
}

/** The same as bytes, for a connection on which there is no request to answer. */
export function plainMessage(reason: PlainReason): string {
  const { status, text, headers } = parts(reason)
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, `date: ${new Date().toUTCString()}`]
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`)
  return [...lines, `content-length: ${text.length}`, '', text].join('\r\n')
}

function parts(reason: PlainReason): { status: number; text: string; headers: readonly string[] } {
  const [status, sentence] = answers[reason]
  return { status, text: `${status} ${sentence}\n`, headers: plainHeaders }
}

const plainHeaders: readonly string[] = [
  'content-type',
  'text/plain; charset=utf-8',
  'x-content-type-options',
  'nosniff',
  'connection',
  'close',
]

const answers: Readonly<Record<PlainReason, readonly [status: number, sentence: string]>> = {
  malformed: [400, 'The request is malformed.'],
  'answer-failed': [500, 'The answer failed before it began. Look whether it was done before you try again.'],
  'head-too-slow': [408, 'The request took too long to arrive.'],
  'head-too-large': [431, 'The headers of the request are too large.'],
  'headers-too-large': [431, 'The headers of the request are too large.'],
  'headers-too-many': [431, 'The request has too many headers.'],
  'target-too-long': [414, 'The address is too long.'],
  'target-malformed': [400, 'The request target is malformed.'],
  'host-missing': [400, 'The request has no Host header.'],
  'host-repeated': [400, 'The request has more than one Host header.'],
  'host-malformed': [400, 'The Host header is malformed.'],
  'host-differs': [400, 'The request target names another host than the Host header.'],
  'forwarded-host-malformed': [400, 'The X-Forwarded-Host header is malformed.'],
  'forwarded-proto-malformed': [400, 'The X-Forwarded-Proto header is neither http nor https.'],
  'coding-with-1.0': [400, 'A request of HTTP/1.0 has no Transfer-Encoding.'],
  'coding-without-end': [400, 'The body does not say where it ends.'],
  'coding-unknown': [501, 'Of the transfer codings only chunked is understood.'],
  'version-unknown': [505, 'This server speaks HTTP/1.1.'],
  'expectation-unknown': [417, 'The expectation of the request is not understood.'],
  tunnel: [501, 'This server opens no tunnels.'],
}
