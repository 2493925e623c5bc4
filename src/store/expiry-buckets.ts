/** How many seconds share a bucket. */
const bucketSeconds = 60

/** Knows which of many names are over by now, without asking each of them. */
export class ExpiryBuckets {
  readonly #buckets = new Map<number, Set<string>>()

  /** Notes when a name is over. */
  add(name: string, expiresSeconds: number): void {
    const bucket = Math.floor(expiresSeconds / bucketSeconds)
    const names = this.#buckets.get(bucket)
    if (names === undefined) this.#buckets.set(bucket, new Set([name]))
    else names.add(name)
  }

  /** Forgets a name that was added with this time. */
  remove(name: string, expiresSeconds: number): void {
    const bucket = Math.floor(expiresSeconds / bucketSeconds)
    const names = this.#buckets.get(bucket)
    names?.delete(name)
    if (names?.size === 0) this.#buckets.delete(bucket)
  }

  /** The names that are over, and a few that soon are. They may be removed meanwhile. */
  *nearlyOver(nowSeconds: number): Iterable<string> {
    const last = Math.floor(nowSeconds / bucketSeconds)
    for (const [bucket, names] of this.#buckets) if (bucket <= last) yield* names
  }
}
