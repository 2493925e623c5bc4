import { DewarError } from '../errors/dewar-error.ts'
import { inShort } from '../errors/refuse-options.ts'
import { encodeBase64url } from './base64url.ts'
import { utf8 } from './bytes.ts'
import type { Random } from './random.ts'

/** Fewest bytes a secret may have. */
export const secretBytes = 32

/** A secret that `readSecrets` takes: 32 random bytes as 43 characters of base64url. */
export function freshSecret(random: Random): string {
  for (;;) {
    const text = encodeBase64url(random.bytes(secretBytes))
    if (!isWeak(text)) return text // by chance one in some 25 million has a word in it that is refused
  }
}

/**
 * The secrets of an app as bytes, newest first. Takes one secret, several in a list, or several separated by commas.
 * Throws `session/secret-missing`, `session/secret-too-short` (fewer than 32 bytes) or `session/secret-weak`
 * (a sample, text of fewer than 10 different characters, or one part said over and over). OWASP ASVS 13.3
 */
export function readSecrets(secret: string | readonly string[]): readonly Uint8Array[] {
  const listed = typeof secret === 'string' ? secret.split(',') : secret
  if (!Array.isArray(listed) || listed.some((text) => typeof text !== 'string')) {
    const given = Array.isArray(listed) ? listed.map((text) => (typeof text === 'string' ? '…' : inShort(text))) : null
    const found = given === null ? inShort(listed) : `[${given.join(', ')}]`
    throw new DewarError('app/option-invalid', `secret is ${found}; it takes a text, or a list of texts.`)
  }
  const secrets = listed.map((text) => text.trim()).filter((text) => text !== '')
  if (secrets.length === 0) throw new DewarError('session/secret-missing')
  return secrets.map((text, index) => readSecret(text, index + 1))
}

function readSecret(text: string, position: number): Uint8Array {
  const bytes = utf8(text)
  if (bytes.length < secretBytes) {
    throw new DewarError(
      'session/secret-too-short',
      `Secret ${position} has ${bytes.length} bytes; ${secretBytes} are needed.`,
    )
  }
  if (isWeak(text)) throw new DewarError('session/secret-weak', `Secret ${position} is easy to guess.`)
  return bytes
}

// 32 random bytes have about 24 different characters as base64url, and 15 of 16 as hex.
function isWeak(text: string): boolean {
  const different = new Set(text).size
  return (
    different < 10 ||
    isRepetition(text) ||
    /secret|change.?me|password|example|insecure|your.?key|01234567|abcdefgh/i.test(text)
  )
}

function isRepetition(text: string): boolean {
  const halfLength = Math.floor(text.length / 2)
  return Array.from({ length: halfLength }).some((_, at) => text.startsWith(text.slice(at + 1)))
}
