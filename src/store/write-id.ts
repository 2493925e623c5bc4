/**
 * Names one write for the few seconds in which it may have to be asked whether it was done: 8 characters of base64url, 48
 * random bits. Straight from the system's generator: a process that was copied must not name its writes like the other.
 */
export function newWriteId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('base64url')
}
