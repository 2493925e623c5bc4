import assert from 'node:assert/strict'
import { it } from 'node:test'
import { explore, type Model, tell } from './explore.ts'
import type { Body, Sent } from './submission-model.ts'

/** Three requests that say the same. */
export const same: readonly Body[] = ['B', 'B', 'B']
/** Three requests of which the last was edited. */
export const edited: readonly Body[] = ['B', 'B', 'B′']

/** Tests that every property holds for each of these, in processes of their own and two in each. Says how many states there are. */
export function holds<State>(
  mode: string,
  {
    crowds,
    modelOf,
  }: { readonly crowds: readonly (readonly Body[])[]; readonly modelOf: (sent: Sent) => Model<State> },
): void {
  it(`every property holds in mode ${mode}`, (test) => {
    let states = 0
    for (const bodies of crowds) {
      for (const sent of [eachToItsOwn(bodies), inPairs(bodies)]) {
        const finding = explore(modelOf(sent))
        assert.equal(finding.kind, 'holds', tell(finding))
        states += finding.states
        test.diagnostic(`${bodies.join(', ')} in processes ${sent.processes.join(', ')}: ${tell(finding)}`)
      }
    }
    assert.ok(states > 5000, `There were only ${states} states.`)
  })
}

/** Tests that a model with a flaw breaks this property, and shows how. */
export function isCaught<State>(
  flaw: string,
  { property, model }: { readonly property: string; readonly model: Model<State> },
): void {
  it(`${flaw} is caught: ${property}`, (test) => {
    const finding = explore(model)
    assert.ok(finding.kind === 'broken', tell(finding))
    assert.equal(finding.property, property, tell(finding))
    test.diagnostic(tell(finding))
  })
}

/** Requests that come to a process each. */
export function eachToItsOwn(bodies: readonly Body[]): Sent {
  return { bodies, processes: bodies.map((_, who) => who) }
}

function inPairs(bodies: readonly Body[]): Sent {
  return { bodies, processes: bodies.map((_, who) => Math.floor(who / 2)) }
}
