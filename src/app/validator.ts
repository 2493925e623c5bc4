import { Reply } from './reply.ts'

/**
 * Gives a page that is the same for everyone an ETag of its bytes, and answers 304 to a browser that has them.
 * RFC 9110 §8.8.3, §13.1.2
 */
export function validate(request: Request, reply: Reply): Reply | Promise<Reply> {
  const asked = request.method === 'GET' || request.method === 'HEAD'
  if (!asked || reply.status !== 200 || typeof reply.body !== 'string') return reply
  const known = reply.header('etag') !== undefined || /private|no-store/.test(reply.header('cache-control') ?? '')
  return known ? reply : withEtag(request, reply, reply.body)
}

async function withEtag(request: Request, reply: Reply, body: string): Promise<Reply> {
  const etag = await etagOf(body)
  reply.setHeader('etag', etag)
  return isKnown(request.headers.get('if-none-match'), etag) ? notModified(reply) : reply
}

// What a 304 says again: not what its body would be.  RFC 9110 §15.4.5
function notModified({ headers }: Reply): Reply {
  return new Reply(
    304,
    headers.filter((_, at) => headers[at - (at % 2)] !== 'content-type'),
    null,
  )
}

// The first 128 bits of SHA-256. Weak: a proxy may compress the page on its way.
async function etagOf(body: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))
  const hex = [...new Uint8Array(digest, 0, 16)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `W/"${hex.join('')}"`
}

function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false
  if (ifNoneMatch.trim() === '*') return true
  return ifNoneMatch.split(',').some((known) => known.trim().replace(/^W\//, '') === etag.slice(2))
}
