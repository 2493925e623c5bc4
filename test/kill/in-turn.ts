/** Does something with each of these, at most forty at the same time, each as soon as one before it is done. */
export async function inTurn<Thing>(
  things: readonly Thing[],
  does: (thing: Thing, at: number) => Promise<void>,
): Promise<void> {
  const entries = things.entries()
  const lane = async (): Promise<void> => {
    for (const [at, thing] of entries) await does(thing, at)
  }
  await Promise.all(Array.from({ length: 40 }, lane))
}
