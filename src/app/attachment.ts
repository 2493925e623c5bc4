import { refuseUnknown } from '../errors/refuse-options.ts'
import { writeDisposition } from '../http/disposition.ts'
import { readMediaType } from '../http/media-type.ts'
import { judgePreconditions, rangeCounts } from '../http/preconditions.ts'
import { readRange } from '../http/range.ts'
import { UploadedFile } from '../upload/uploaded-file.ts'
import { type Download, onDisk } from './file-on-disk.ts'
import { Reply } from './reply.ts'
import type { RequestContext } from './request-context.ts'

/** How a file is sent. */
export interface AttachmentOptions {
  /** The name under which it is saved. Default: the name of the file. */
  readonly name?: string
  /**
   * Its type. Default: that of the file, if it has one. What is no media type is sent as `application/octet-stream`.
   * A path says nothing about the type.
   */
  readonly type?: string
  /**
   * Whether the browser may show it in place of saving it. Default false. Only pictures (PNG, JPEG, GIF, WebP, AVIF),
   * sound, films and plain text are shown, the last as UTF-8 if its type names no `charset`; all else is saved.
   */
  readonly inline?: boolean
  /**
   * The folder that the file is in. The path is then the name of a file directly in it, which may come from a request:
   * whatever would lead elsewhere is not there, and neither are names that begin with a dot.
   */
  readonly folder?: string
}

/** A file to be saved by the browser. Made by `attachment`, returned by a handler. */
export class Attachment {
  readonly file: Blob | string | URL
  readonly options: AttachmentOptions

  constructor(file: Blob | string | URL, options: AttachmentOptions) {
    this.file = file
    this.options = options
  }
}

/**
 * An answer that the browser saves as a file: a `Blob`, a `File`, or the path of a file on disk. It is streamed, in parts
 * if the client asks for parts, and is never taken for a page. A path at which there is no file answers 404. Never let
 * a request choose the path, unless a `folder` holds it: `attachment(params.id, { folder: 'photos' })`.
 * RFC 6266, RFC 9110 §14
 */
export function attachment(file: Blob | string | URL, options: AttachmentOptions = {}): Attachment {
  refuseUnknown('attachment', options, ['name', 'type', 'inline', 'folder'])
  return new Attachment(file, options)
}

/** The reply that sends a file, or the part of it that is asked for, or says that the client has it already. */
export async function sendAttachment(
  { file, options }: Attachment,
  { request, live }: Pick<RequestContext, 'request' | 'live'>,
): Promise<Reply> {
  const { folder = null } = options
  const found = file instanceof Blob ? inMemory(file) : await onDisk(file, { folder, nowSeconds: live.nowSeconds })
  const isAsked = request.method === 'GET' || request.method === 'HEAD' // else its handler has done its work already
  switch (isAsked ? judgePreconditions(request.headers, found) : 'answer') {
    case 'not-modified':
      return new Reply(304, stateOf(found), null)
    case 'failed':
      return new Reply(412, stateOf(found), null)
    case 'answer':
      return partOf(found, request, options)
  }
}

function partOf(found: Download, request: Request, options: AttachmentOptions): Reply {
  const { size } = found
  const headers = [...headersOf(found, options), ...stateOf(found)]
  const asked = request.method === 'GET' && rangeCounts(request.headers, found) ? request.headers.get('range') : null
  const range = readRange(asked, size)
  switch (range.kind) {
    case 'unsatisfiable':
      return new Reply(416, [...stateOf(found), 'content-range', `bytes */${size}`], null)
    case 'part': {
      const { first, last } = range
      const partial = ['content-range', `bytes ${first}-${last}/${size}`, 'content-length', String(last + 1 - first)]
      return new Reply(206, [...headers, ...partial], found.stream(first, last + 1))
    }
    case 'whole': {
      const whole = [...headers, 'content-length', String(size)]
      return new Reply(200, whole, request.method === 'HEAD' ? null : found.stream(0, size))
    }
  }
}

function headersOf({ name, type }: Download, options: AttachmentOptions): readonly string[] {
  const given = options.type ?? type
  const read = /^[ -~]+$/.test(given) ? readMediaType(given) : null
  const sent = read === null || read.isBroken ? 'application/octet-stream' : given
  const isShown = options.inline === true && shownSafely.test(read?.essence ?? '')
  const isBareText = isShown && read?.essence === 'text/plain' && !read.parameters.has('charset')
  return [
    'content-type',
    isBareText ? 'text/plain; charset=utf-8' : sent,
    'content-disposition',
    writeDisposition(isShown ? 'inline' : 'attachment', options.name ?? name),
    'x-content-type-options',
    'nosniff',
    'content-security-policy',
    isShown ? shownPolicy : savedPolicy,
    'accept-ranges',
    'bytes',
  ]
}

// Never HTML, SVG or XML: they would run in the name of this site.
const shownSafely = /^(?:image\/(?:png|jpeg|gif|webp|avif)|(?:audio|video)\/[\w.+-]+|text\/plain)$/

// Whatever shows it all the same runs nothing of it.
const savedPolicy = "sandbox; default-src 'none'"

// A player asks for its film by itself, with the cookie of whoever watches: that takes this origin. No script runs.
const shownPolicy = "sandbox allow-same-origin; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'"

// Its state, and that it is asked for again before an old one is used: else browsers guess from its age for how long.
function stateOf({ etag, lastModified }: Download): readonly string[] {
  return [
    'cache-control',
    'no-cache',
    ...(etag === null ? [] : ['etag', etag]),
    ...(lastModified === null ? [] : ['last-modified', lastModified]),
  ]
}

function inMemory(file: Blob): Download {
  const sha256 = file instanceof UploadedFile ? file.sha256 : null
  return {
    name: file instanceof File ? file.name : '',
    type: file.type,
    size: file.size,
    etag: sha256 === null ? null : `"${sha256.slice(0, 32)}"`,
    lastModified: null,
    stream: (from, to) => file.slice(from, to).stream(),
  }
}
