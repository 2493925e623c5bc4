import type { Answered } from './ledger.ts'
import type { Filled, Person } from './person.ts'
import type { Stage } from './stage.ts'

const waiting = 'looks again by itself'

/**
 * Posts a form as a browser does, and goes on to where the answer leads as far as it waits for the submission itself.
 * What that page comes to is the answer of the form.
 */
export async function submitForm(
  stage: Stage,
  person: Person,
  { filled, cookie }: { readonly filled: Filled; readonly cookie: string },
): Promise<Answered | null> {
  const answer = person.see(await person.post(filled, cookie))
  if (answer?.location?.startsWith('/_dewar/submission') !== true) return answer
  return watch(stage, person, answer)
}

async function watch(stage: Stage, person: Person, answer: Answered): Promise<Answered | null> {
  const { sent, location } = answer
  for (let looks = 0; looks < 60; looks++) {
    const page = person.see(await person.get(location ?? ''))
    if (page === null || page.status >= 500) return null
    if (!page.text.includes(waiting)) {
      const told = { ...page, sent }
      stage.ledger.answered.push(told)
      return told
    }
    await stage.world.pass(`${person.name} waits with the page`, { delayMs: 1_000 })
  }
  return null
}
