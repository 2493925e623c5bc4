/** A promise that did not hold: which one, and what was seen. */
export class Broken extends Error {
  readonly property: Property

  constructor(property: Property, seen: string) {
    super(`${property}: ${seen}`)
    this.name = 'Broken'
    this.property = property
  }
}

/** What holds for every seed. */
export type Property =
  | 'an effect happens at most once'
  | 'another body never runs silently'
  | 'a redirect is always the same one'
  | 'a redirect exists only if the effect does'
  | 'what is sent again is done, or its person is asked'
  | 'the session and the effect are kept together'
  | 'what was acknowledged is kept'
  | 'an ended session stays ended'
  | 'nobody gets the cookie or the answer of somebody else'
  | 'nobody is told that nothing was done when it was'
  | 'nothing hangs'
