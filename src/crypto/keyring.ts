import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { frameBytes, utf8 } from './bytes.ts'

/** What a key is for. No key serves two purposes. */
export type Purpose = 'session-cookie' | 'session-secret' | 'form-token' | 'submission' | 'kept-file'

/** A key made from one secret for one purpose. */
export interface Key {
  /** One byte that tells the app's keys apart (mostly: two may share it). It says nothing about the key. */
  readonly id: number
  /** 32 bytes. */
  readonly bytes: Uint8Array
}

/** The keys of an app: the newest makes, all of them check. */
export interface Keyring {
  /** The keys for a purpose, newest first; at least one. */
  keysFor(purpose: Purpose): readonly [Key, ...Key[]]
}

/**
 * A key ring over secrets (newest first; at least one) for the app of this name. Keys are HKDF-SHA-256 of the secret
 * with the purpose and the app's name as `info`, so that two apps with one secret do not open each other's cookies.
 * RFC 5869
 */
export function keyring(secrets: readonly Uint8Array[], app: string): Keyring {
  const known = new Map<Purpose, readonly [Key, ...Key[]]>()
  return {
    keysFor(purpose) {
      const keys = known.get(purpose) ?? deriveAll(secrets, app, purpose)
      known.set(purpose, keys)
      return keys
    },
  }
}

const salt: Uint8Array = utf8('dewar/1')

function deriveAll(secrets: readonly Uint8Array[], app: string, purpose: Purpose): readonly [Key, ...Key[]] {
  const [newest, ...older] = secrets.map((secret) => derive(secret, app, purpose))
  if (newest === undefined) throw new RangeError('A key ring needs at least one secret.')
  return [newest, ...older]
}

function derive(secret: Uint8Array, app: string, purpose: Purpose): Key {
  const bytes = hkdf(sha256, secret, salt, frameBytes(purpose, app), 33)
  return { id: bytes[32] ?? 0, bytes: bytes.subarray(0, 32) }
}
