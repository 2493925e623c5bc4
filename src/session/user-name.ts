/**
 * Whether somebody can be signed in by this name: any text but the empty one, U+0000 and half of a surrogate pair, which
 * PostgreSQL cannot keep. It is the same for every store and for none, so that an app can be moved.
 */
export function isUserName(text: string): boolean {
  return text !== '' && !text.includes('\0') && text.isWellFormed()
}
