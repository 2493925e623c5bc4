import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { DewarError } from '../errors/dewar-error.ts'
import type { Depot, Receiving, StoredFile } from './depot.ts'

/** Holds posted files in memory, where there is no file system. Nothing can be kept for a later request there. */
export const memoryDepot: Depot = {
  async receive(): Promise<Receiving> {
    const pieces: Uint8Array<ArrayBuffer>[] = []
    const hash = sha256.create()
    return {
      async write(bytes) {
        hash.update(bytes)
        pieces.push(new Uint8Array(bytes)) // a copy: what comes in is only lent, and `slice` of a Buffer is a view
      },
      async finish() {
        return { stored: new MemoryFile(new Blob(pieces)), sha256: bytesToHex(hash.digest()) }
      },
      async discard() {
        pieces.length = 0
      },
    }
  },
  async recall() {
    return null
  },
  async sweep() {},
}

class MemoryFile implements StoredFile {
  readonly blob: Blob

  constructor(blob: Blob) {
    this.blob = blob
  }

  async moveTo(): Promise<void> {
    throw new DewarError('upload/target', 'There is no file system here: read the file with bytes() or stream().')
  }

  async keep(): Promise<null> {
    return null
  }

  async discard(): Promise<void> {}
}
