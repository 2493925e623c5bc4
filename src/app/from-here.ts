import { isLoopback } from '../session/cookie-name.ts'
import type { Received } from './house.ts'

/**
 * Whether a request comes from this machine, as far as the server can tell, and asks for it by a name of it: a page of
 * another site may have led its own name here. Only then is its sender the author.
 */
export function isFromHere({ near, url }: Pick<Received, 'near' | 'url'>): boolean {
  return near() && isLoopback(url.hostname)
}
