import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { utf8 } from '../crypto/bytes.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { Random } from '../crypto/random.ts'
import { createSealer } from '../crypto/seal.ts'
import type { Depot } from '../upload/depot.ts'
import { UploadedFile } from '../upload/uploaded-file.ts'

/** Who sent a file with which form: nobody else gets it back. */
export interface KeptSubject {
  /** The family of the session. */
  readonly family: string
  /** The path that the form posts to. */
  readonly action: string
}

/** Keeps files on the server until their form is corrected. The page holds a sealed token for each. */
export interface KeptFiles {
  /** Keeps a file, and gives the token that brings it back; `null` if there is no room for it. */
  keep(file: UploadedFile, subject: KeptSubject, nowSeconds: number): Promise<string | null>
  /** The file of a token, for the session and form it was kept for, and for 24 hours; else `null`. */
  recall(token: string, subject: KeptSubject, nowSeconds: number): Promise<UploadedFile | null>
}

/** What keeping files needs. */
export interface KeptFilesParts {
  readonly depot: Depot
  readonly keyring: Keyring
  readonly random: Random
}

/** How long a file is kept: as long as the token of its form. */
export const keptSeconds: number = 24 * 60 * 60

/** Keeps files in a depot. Several processes with the same secret and folder keep them together. */
export function keptFilesIn({ depot, keyring, random }: KeptFilesParts): KeptFiles {
  const sealer = createSealer({ keys: keyring.keysFor('kept-file'), boundTo: 'kept-file', random })
  const tokens = new WeakMap<UploadedFile, string>()
  return {
    async keep(file, { family, action }, nowSeconds) {
      const known = tokens.get(file)
      if (known !== undefined) return known
      const expiresSeconds = nowSeconds + keptSeconds
      const owner = bytesToHex(sha256(utf8(family))).slice(0, 32)
      const id = await UploadedFile.storedOf(file).keep({ owner, expiresSeconds })
      if (id === null) return null
      const { name, type, sha256: hash } = file
      return sealer.seal(
        utf8(JSON.stringify({ id, name, type, hash, family, action, expiresSeconds } satisfies Ticket)),
      )
    },
    async recall(token, { family, action }, nowSeconds) {
      const opened = sealer.open(token)
      if (opened === null) return null
      const ticket: Ticket = JSON.parse(new TextDecoder().decode(opened.content)) // sealed text is our own
      if (ticket.family !== family || ticket.action !== action || ticket.expiresSeconds <= nowSeconds) return null
      const stored = await depot.recall(ticket.id)
      if (stored === null) return null
      const file = new UploadedFile(stored, { name: ticket.name, type: ticket.type, sha256: ticket.hash })
      tokens.set(file, token)
      return file
    },
  }
}

interface Ticket extends KeptSubject {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly hash: string
  readonly expiresSeconds: number
}
