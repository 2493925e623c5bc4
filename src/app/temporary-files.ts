import { UploadedFile } from '../upload/uploaded-file.ts'
import { Reply } from './reply.ts'

/** The files that go away with a request. */
export class TemporaryFiles {
  readonly #files: UploadedFile[] = []
  #gone: Promise<void> | null = null

  /** Adds what is among these and lies in the depot. */
  add(files: Iterable<unknown>): void {
    for (const file of files) if (file instanceof UploadedFile) this.#files.push(file)
  }

  /** Removes them. What was moved or kept stays. */
  discard(): Promise<void> {
    this.#gone = removeAll(this.#files.splice(0), this.#gone)
    return this.#gone // also whoever comes second waits until they are gone
  }

  /**
   * Does the work that answers the request, and removes them as soon as the answer cannot read them any more: when it
   * is there, or when its stream has ended.
   */
  async goWith(work: () => Promise<Reply>): Promise<Reply> {
    try {
      const reply = await work()
      if (this.#files.length === 0) return reply
      if (reply.body instanceof ReadableStream) {
        return new Reply(
          reply.status,
          reply.headers,
          endingWith(reply.body, () => this.discard()),
        )
      }
      await this.discard()
      return reply
    } catch (error) {
      await this.discard()
      throw error
    }
  }
}

async function removeAll(files: readonly UploadedFile[], before: Promise<void> | null): Promise<void> {
  await before
  for (const file of files) {
    await UploadedFile.storedOf(file)
      .discard()
      .catch(() => {}) // what was answered is done all the same; a sweep finds the file later
  }
}

function endingWith(stream: ReadableStream<Uint8Array>, end: () => Promise<void>): ReadableStream<Uint8Array> {
  const reader = stream.getReader()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        await end()
        controller.close()
      } catch (error) {
        await end()
        throw error
      }
    },
    async cancel(reason) {
      await reader.cancel(reason)
      await end()
    },
  })
}
