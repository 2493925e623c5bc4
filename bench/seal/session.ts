/** What the hand-written servers keep in a cookie. `issuedAt` is in seconds since 1970. */
export interface Session {
  username: string
  visits: number
  issuedAt: number
}

/** A way to carry a session in a cookie value: `open` gives `undefined` for whatever `seal` did not make. */
export interface Codec {
  seal(session: Session): string
  open(cookie: string): Session | undefined
}

/** Bound to every sealed cookie, so that a seal made for another purpose does not open: 20 bytes. */
export const associatedData: Uint8Array = new TextEncoder().encode('dewar/session/cookie')

/** Reads opened bytes as a session. The text is trusted: it was sealed here, or is the floor's. */
export function parseSession(text: string): Session | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isSession(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false
  return 'username' in value && typeof value.username === 'string' && 'visits' in value && 'issuedAt' in value
}
