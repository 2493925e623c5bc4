import { encodeBase64url } from '../crypto/base64url.ts'
import { frameBytes } from '../crypto/bytes.ts'
import type { Key } from '../crypto/keyring.ts'
import { mac16 } from '../crypto/mac.ts'
import { tokenField } from './token.ts'

/** A file as far as it tells one submission from another. */
export interface FileFacts {
  readonly name: string
  readonly type: string
  readonly sha256: string
}

/** What was posted: names with texts, and names with files. */
export interface PostedFacts {
  readonly entries: Iterable<readonly [name: string, value: string]>
  readonly files: Iterable<readonly [name: string, file: FileFacts]>
}

/**
 * A code over what was posted: the same for the same values, whatever the boundary and the order of the names. Values of
 * one name keep their order; CR LF and LF are the same; files count by name, type and content; the token and the answers
 * of captchas, which differ each time, do not count. Nobody without the key can tell what was posted.
 */
export function fingerprintOf({ entries, files }: PostedFacts, key: Key): string {
  const texts = [...entries].filter(([name]) => !volatile.has(name))
  const facts = [
    ...texts.map(([name, value]) => [name, 'text', value.replaceAll('\r\n', '\n')]),
    ...[...files].map(([name, file]) => [name, 'file', file.name, file.type, file.sha256]),
  ]
  facts.sort(([one = ''], [other = '']) => (one < other ? -1 : one > other ? 1 : 0)) // stable: the order within a name stays
  return encodeBase64url(mac16(key.bytes, frameBytes('posted', ...facts.map((fact) => frameBytes(...fact)))))
}

const volatile: ReadonlySet<string> = new Set([
  tokenField,
  'cf-turnstile-response',
  'g-recaptcha-response',
  'h-captcha-response',
])
