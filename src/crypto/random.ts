/** Gives unpredictable bytes. Passed in wherever chance matters, so that a test can fix it. */
export interface Random {
  /** `length` fresh bytes. */
  bytes(length: number): Uint8Array
}

/**
 * The system's generator, asked anew each time: no pool in this process that a fork or a snapshot could repeat.
 * Web Crypto §10.1.1
 */
export const systemRandom: Random = {
  bytes: (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length)),
}
