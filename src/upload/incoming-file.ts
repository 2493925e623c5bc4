import type { Receiving } from './depot.ts'
import { judgeType, sampleBytes, TextJudge } from './judge-type.ts'
import { UploadedFile } from './uploaded-file.ts'

/** A file while it comes in: its bytes go to the depot, and what it is is judged on the way. */
export class IncomingFile {
  readonly #receiving: Receiving
  readonly #judge = new TextJudge()
  readonly #sample = new Uint8Array(sampleBytes)
  #length = 0

  constructor(receiving: Receiving) {
    this.#receiving = receiving
  }

  /** How many bytes came so far. */
  get length(): number {
    return this.#length
  }

  /** Takes the next bytes, and is done when there is room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#length < sampleBytes) {
      this.#sample.set(bytes.subarray(0, sampleBytes - this.#length), this.#length)
    }
    this.#length += bytes.length
    this.#judge.push(bytes)
    await this.#receiving.write(bytes)
  }

  /** All bytes are there. `claimed` is the type that the client gave. */
  async finish(name: string, claimed: string): Promise<UploadedFile> {
    const sample = this.#sample.subarray(0, Math.min(this.#length, sampleBytes))
    const type = await judgeType(sample, { isText: this.#judge.finish(), claimed })
    const { stored, sha256 } = await this.#receiving.finish()
    return new UploadedFile(stored, { name, type, sha256 })
  }

  /** Forgets the file. */
  async discard(): Promise<void> {
    await this.#receiving.discard()
  }
}
