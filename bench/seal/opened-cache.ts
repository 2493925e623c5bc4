import type { Codec, Session } from './session.ts'

/**
 * The codec with a memory of the cookies opened or made last, oldest out first. A sealed cookie is remembered
 * as it is made, so the page after the redirect opens nothing. Expiry is judged by the server, after this.
 */
export function rememberingOpened(codec: Codec, entries = 1_000): Codec {
  const opened = new Map<string, Session>()
  const remember = (cookie: string, session: Session): void => {
    if (opened.size >= entries) opened.delete(opened.keys().next().value ?? '')
    opened.set(cookie, session)
  }
  return {
    seal(session) {
      const cookie = codec.seal(session)
      remember(cookie, session)
      return cookie
    },
    open(cookie) {
      const known = opened.get(cookie)
      if (known !== undefined) return known
      const session = codec.open(cookie)
      if (session !== undefined) remember(cookie, session)
      return session
    },
  }
}
