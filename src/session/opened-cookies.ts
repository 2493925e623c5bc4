/** Remembers what lately opened or sealed cookies hold, to spare the work of opening them. */
export interface OpenedCookies<Content> {
  get(cookie: string): Content | undefined
  set(cookie: string, content: Content): void
}

/**
 * A memory of cookies whose texts together have at most about `limitBytes` characters. It has two halves: when the
 * young one is full it becomes the old one, and the old one is forgotten; what is asked for moves to the young one.
 */
export function rememberOpened<Content>(limitBytes: number): OpenedCookies<Content> {
  let young = new Map<string, Content>()
  let old = new Map<string, Content>()
  let youngBytes = 0
  const set = (cookie: string, content: Content): void => {
    if (youngBytes + cookie.length > limitBytes / 2) {
      old = young
      young = new Map()
      youngBytes = 0
    }
    young.set(cookie, content)
    youngBytes += cookie.length
  }
  return {
    get(cookie) {
      const fresh = young.get(cookie)
      if (fresh !== undefined) return fresh
      const content = old.get(cookie)
      if (content !== undefined) set(cookie, content)
      return content
    },
    set,
  }
}
