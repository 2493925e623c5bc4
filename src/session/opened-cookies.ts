/** Remembers what lately opened or sealed cookies hold, to spare the work of opening them. */
export interface OpenedCookies<Content> {
  get(cookie: string): Content | undefined
  set(cookie: string, content: Content): void
}

/** A memory of cookies whose texts together have at most `limitBytes` characters; the longest unused goes first. */
export function rememberOpened<Content>(limitBytes: number): OpenedCookies<Content> {
  const contents = new Map<string, Content>()
  let bytes = 0
  return {
    get(cookie) {
      const content = contents.get(cookie)
      if (content === undefined) return undefined
      contents.delete(cookie) // a Map keeps the order of insertion: in again means youngest
      contents.set(cookie, content)
      return content
    },
    set(cookie, content) {
      if (!contents.has(cookie)) bytes += cookie.length
      contents.set(cookie, content)
      for (const oldest of contents.keys()) {
        if (bytes <= limitBytes) return
        contents.delete(oldest)
        bytes -= oldest.length
      }
    },
  }
}
