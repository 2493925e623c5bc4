import { sha256 } from '@noble/hashes/sha2.js'
import { encodeBase64url } from '../crypto/base64url.ts'
import { frameBytes, utf8 } from '../crypto/bytes.ts'
import type { Key } from '../crypto/keyring.ts'
import { mac32 } from '../crypto/mac.ts'
import type { Random } from '../crypto/random.ts'
import { copyOf, rememberOpened } from './opened-texts.ts'

/** What the cookie of a session in a store says: which session, and the secret that opens it. */
export interface SecretCookie {
  /** 22 characters of base64url. */
  readonly family: string
  /** 24 random bytes, as 32 characters of base64url. The store knows only its hash. */
  readonly secret: string
}

/** Reads `family.secret`; `null` for any other text. */
export function readSecretCookie(cookie: string | undefined): SecretCookie | null {
  const [, family, secret] = /^([\w-]{22})\.([\w-]{32})$/.exec(cookie ?? '') ?? []
  return family === undefined || secret === undefined ? null : { family, secret }
}

/** Whether a text is one that a session of a store can have as its family. */
export function isFamily(text: string): boolean {
  return /^[\w-]{22}$/.test(text)
}

/** A secret that nobody has had before. */
export function newSecret(random: Random): string {
  return encodeBase64url(random.bytes(24))
}

/**
 * The secret of a visitor who has met a form and has no session yet. It opens nothing: it proves that the family was given
 * out by this app.
 */
export function greetingSecret(family: string, key: Key): string {
  return encodeBase64url(mac32(key.bytes, frameBytes('greeting', family)).subarray(0, 24))
}

/**
 * The secret that follows this one when a submission renews it: always the same, so that its visitor can be told again
 * when the first answer got lost.
 */
export function nextSecret({ family, secret }: SecretCookie, submission: string, key: Key): string {
  return encodeBase64url(mac32(key.bytes, frameBytes('next', family, secret, submission)).subarray(0, 24))
}

/** What the store keeps of a secret: SHA-256, as base64url. A secret of 192 random bits needs no slow hash. */
export function hashOf(secret: string): string {
  return encodeBase64url(sha256(utf8(secret)))
}

/**
 * Tells whether a secret is the one with a hash, in a time that does not depend on how much of it is right. Remembers
 * those that were, about a mebibyte of them, to spare the hashing.
 */
export function createSecretProof(): (secret: string, hash: string) => boolean {
  const proven = rememberOpened<string>(provenBytes)
  return (secret, hash) => {
    const known = proven.get(hash)
    if (known !== undefined) return equalTexts(secret, known)
    if (!equalTexts(hashOf(secret), hash)) return false
    proven.set(hash, copyOf(secret))
    return true
  }
}

const provenBytes: number = 1024 * 1024

function equalTexts(one: string, other: string): boolean {
  if (one.length !== other.length) return false
  let difference = 0
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at)
  return difference === 0
}
