import { normalPath } from '../routing/path.ts'
import type { Received } from './house.ts'
import { fromResponse, type Reply } from './reply.ts'

/** Hands a request to a function that is mounted at a prefix: it sees the path without it, and reads the body itself. */
export async function fetchBelow(
  other: (request: Request) => Response | Promise<Response>,
  { request, url, base }: Received,
  prefix: string,
): Promise<Reply> {
  const below = new URL(url)
  below.pathname = (normalPath(url.pathname) ?? url.pathname).slice(base.length + prefix.length) || '/'
  const { method, headers, signal } = request
  const bodiless = method === 'GET' || method === 'HEAD'
  const init: RequestInit & { duplex: 'half' } = {
    method,
    headers,
    signal,
    body: bodiless ? null : request.body,
    duplex: 'half',
  }
  return fromResponse(await other(new Request(below, init)))
}
