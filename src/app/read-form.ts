import { limitRequestBody } from 'srvx/body-limit'
import { DewarError } from '../errors/dewar-error.ts'
import { discardFiles, type Excess, type Posted, type PostedFile, readMultipart } from '../form/read-multipart.ts'
import { Fields, noFields } from '../http/fields.ts'
import { type MediaType, readMediaType } from '../http/media-type.ts'
import { boundaryOf } from '../http/multipart.ts'
import { decodeUrlencoded, type Entry } from '../http/urlencoded.ts'
import { refusal, viewerOf } from './failure.ts'
import type { Reply } from './reply.ts'
import type { Guarded, Submitted } from './stations.ts'
import { TemporaryFiles } from './temporary-files.ts'

/**
 * Reads the posted form within the limits of its route, files into the depot. A body that is no form stays unread, for
 * the handler to read, unless the route has a form: then it leaves with 415. Where the route has a form that can be
 * shown again, a broken limit goes on with what was read until there.
 */
export function readForm(guarded: Guarded): Submitted | Reply | Promise<Submitted | Reply> {
  const { received, target } = guarded
  const { method, headers } = received.request
  if (isBodiless(method)) return unread(guarded)
  const coding = headers.get('content-encoding')
  if (coding !== null && coding.trim().toLowerCase() !== 'identity') return refuseCoding(guarded, coding)
  if (target.kind === 'mount') return target.app !== null ? unread(guarded) : forSomebodyElse(guarded)
  const type = readMediaType(headers.get('content-type'))
  switch (type?.essence) {
    case 'application/x-www-form-urlencoded':
      return readUrlencoded(guarded)
    case 'multipart/form-data':
      return readParts(guarded, type)
    default:
      return target.kind === 'submit' ? readNoForm(guarded) : forSomebodyElse(guarded)
  }
}

function isBodiless(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** A request whose body stays unread. */
export function unread(guarded: Guarded): Submitted {
  return { ...guarded, fields: null, files: [], temporary: new TemporaryFiles(), excess: null }
}

function withFiles(guarded: Guarded, { entries, files, excess }: Omit<Posted, 'kind'>): Submitted {
  const temporary = new TemporaryFiles()
  temporary.add(files.map(([, file]) => file))
  return { ...guarded, fields: new Fields(entries), files, temporary, excess }
}

function readNoForm(guarded: Guarded): Submitted | Reply {
  const type = guarded.received.request.headers.get('content-type')
  if (type === null && !guarded.received.body.present) return { ...unread(guarded), fields: noFields }
  return refusal(viewerOf(guarded), { code: 'form/media-type', detail: `The body is ${type ?? 'of no named type'}.` })
}

// What a small body unfolds to has no limit.  RFC 9110 §15.5.16
function refuseCoding(guarded: Guarded, coding: string): Reply {
  const detail = `The body has the coding ${JSON.stringify(coding)}.`
  return refusal(viewerOf(guarded), {
    code: 'request/content-coding',
    detail,
    headers: ['accept-encoding', 'identity'],
  })
}

// A body that is left to a handler ends at the limit all the same. One of a known length needs no counting.
function forSomebodyElse(guarded: Guarded): Submitted | Reply {
  const { received, target } = guarded
  if (!received.body.present) return unread(guarded)
  const { bodyBytes } = target.rules.limits
  const detail = `The body has more than ${bodyBytes} bytes.`
  const length = lengthOf(received.request)
  if (length !== null && length <= bodyBytes) return unread(guarded)
  if (length !== null) return refusal(viewerOf(guarded), { code: 'request/body-too-large', detail })
  const createError = (): DewarError => new DewarError('request/body-too-large', detail)
  const request = limitRequestBody(received.request, bodyBytes, { createError })
  return unread({ ...guarded, received: { ...received, request } })
}

function lengthOf({ headers }: Request): number | null {
  const length = headers.get('content-length')
  return length === null ? null : Number(length)
}

// A client that waits to be told whether to go on has typed nothing that is lost.  RFC 9110 §10.1.1
function isTooMuchToAskFor(request: Request, mostBytes: number): boolean {
  return request.headers.has('expect') && (lengthOf(request) ?? 0) > mostBytes
}

async function readUrlencoded(guarded: Guarded): Promise<Submitted | Reply> {
  const { limits } = guarded.target.rules
  const { request, body: source } = guarded.received
  const excess = { code: 'form/body-too-large', detail: `The body has more than ${limits.bodyBytes} bytes.` } as const
  if (isTooMuchToAskFor(request, limits.bodyBytes)) return refusal(viewerOf(guarded), excess)
  const body = await source.bytes(limits.bodyBytes).catch(cutShort)
  if (body instanceof DewarError) return refusal(viewerOf(guarded), { code: body.code })
  if (body.kind === 'too-large') return exceeded(guarded, { entries: [], files: [], excess })
  const decoded = decodeUrlencoded(body.bytes, limits)
  if (decoded.kind === 'decoded') return { ...unread(guarded), fields: new Fields(decoded.entries) }
  if (decoded.code === 'form/not-utf8') return refusal(viewerOf(guarded), decoded)
  return exceeded(guarded, { entries: decoded.entries, files: [], excess: decoded })
}

async function readParts(guarded: Guarded, type: MediaType): Promise<Submitted | Reply> {
  const { received, target, config } = guarded
  const { limits } = target.rules
  const bounded = boundaryOf(type)
  if (bounded.kind === 'refused') return refusal(viewerOf(guarded), bounded)
  const detail = `The body has more than ${limits.multipartBytes} bytes.`
  if (isTooMuchToAskFor(received.request, limits.multipartBytes)) {
    return refusal(viewerOf(guarded), { code: 'form/multipart-too-large', detail })
  }
  const posted = await readMultipart(received.body.chunks(), {
    boundary: bounded.boundary,
    limits,
    depot: config.depot,
    mostBytesOf: (name) =>
      target.kind === 'submit'
        ? (target.form.fileField(name)?.maxBytes ?? Number.POSITIVE_INFINITY)
        : Number.POSITIVE_INFINITY,
  }).catch(cutShort)
  if (posted instanceof DewarError) return refusal(viewerOf(guarded), { code: posted.code })
  if (posted.kind === 'refused') return refusal(viewerOf(guarded), posted)
  const { entries, files, excess } = posted
  if (excess !== null) return exceeded(guarded, { entries, files, excess })
  return withFiles(guarded, posted)
}

// What a body that breaks off, or comes too slowly, is answered with. Other errors are not the client's.
function cutShort(error: unknown): DewarError {
  if (error instanceof DewarError && error.status < 500) return error
  throw error
}

interface Exceeded {
  readonly entries: readonly Entry[]
  readonly files: readonly PostedFile[]
  readonly excess: Excess
}

async function exceeded(guarded: Guarded, { entries, files, excess }: Exceeded): Promise<Submitted | Reply> {
  if (guarded.target.kind === 'submit') return withFiles(guarded, { entries, files, excess })
  await discardFiles(files)
  return refusal(viewerOf(guarded), excess)
}
