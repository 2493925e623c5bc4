import { utf8 } from '../crypto/bytes.ts'

/** Remembers what texts hold that were lately opened or made, to spare the work of opening them. */
export interface OpenedTexts<Content> {
  get(text: string): Content | undefined
  set(text: string, content: Content): void
}

/**
 * A memory of texts that together have at most about `limitBytes` characters. It has two halves: when the
 * young one is full it becomes the old one, and the old one is forgotten; what is asked for moves to the young one.
 * Texts of more than a 64th of the limit are not remembered.
 */
export function rememberOpened<Content>(limitBytes: number): OpenedTexts<Content> {
  let young = new Map<string, Content>()
  let old = new Map<string, Content>()
  let youngBytes = 0
  const keep = (text: string, content: Content): void => {
    if (text.length > limitBytes / 64) return
    if (youngBytes + text.length > limitBytes / 2) {
      old = young
      young = new Map()
      youngBytes = 0
    }
    young.set(text, content)
    youngBytes += text.length
  }
  return {
    get(text) {
      const fresh = young.get(text)
      if (fresh !== undefined) return fresh
      const content = old.get(text)
      if (content !== undefined) keep(text, content)
      return content
    },
    set: (text, content) => keep(copyOf(text), content),
  }
}

/** A text by itself: a part of another one, such as a cookie of its header, would keep the whole of it in memory. */
export function copyOf(text: string): string {
  return new TextDecoder().decode(utf8(text))
}
