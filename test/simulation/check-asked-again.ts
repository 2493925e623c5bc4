import { errorEntry } from '../../src/errors/table.ts'
import { tokenSeconds } from '../../src/once/token.ts'
import { hashOf, readSecretCookie } from '../../src/session/secret-cookie.ts'
import { Broken } from './broken.ts'
import { type Answered, familyOf } from './ledger.ts'
import type { Filled, Person } from './person.ts'
import type { Stage } from './stage.ts'
import { submitForm } from './submitting.ts'

/** Sends everything that was ever sent once more, now that nothing goes wrong: it is done, or there is a reason to ask. */
export async function checkAskedAgain(stage: Stage, people: readonly Person[]): Promise<void> {
  stage.trouble.rate = 0
  stage.trouble.isSluggish = false
  await stage.world.pass('all leases are over', { delayMs: 61_000 })
  for (const person of people) {
    for (const filled of person.filled) await sendAgain(stage, person, filled)
  }
}

async function sendAgain(stage: Stage, person: Person, filled: Filled): Promise<void> {
  const form = person.forms.find(({ token }) => token === filled.token)
  const { world } = stage
  for (let tries = 0; tries < 4; tries++) {
    const ofNow = form !== undefined && (await isOfNow(stage, person, form))
    const answer = await submitForm(stage, person, { filled, cookie: person.cookie })
    if (answer === null) continue // a process was dead still
    if (answer.status === 303 || isReason(stage, { filled, answer, ofNow })) return
    if (tries > 2 || answer.status !== 200) {
      const text = answer.text
        .replace(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .slice(0, 200)
      const seen = `${filled.route} ${filled.token.slice(-5)} ${filled.body}: ${answer.status} ${text} at step ${world.taken}`
      throw new Broken('what is sent again is done, or its person is asked', seen)
    }
  }
}

type Given = { readonly filled: Filled; readonly answer: Answered; readonly ofNow: boolean }

function isReason({ mode, disk, ledger, changed }: Stage, { filled, answer, ofNow }: Given): boolean {
  const says = (code: 'once/changed' | 'once/unknown' | 'once/token-expired' | 'once/token-missing'): boolean => {
    return answer.text.includes(errorEntry(code).sentence)
  }
  if (says('once/changed')) {
    const others = [
      ...disk.effects.filter(({ token, body }) => token === filled.token && body !== filled.body),
      ...ledger.answered.filter(({ sent, status }) => {
        return sent.token === filled.token && sent.body !== filled.body && status === 303
      }),
      ...disk.notes.filter(({ token, body }) => token === filled.token && body !== filled.body),
    ]
    return (changed !== 'accept' || filled.route === '/login') && others.length > 0
  }
  if (says('once/unknown') || answer.text.includes('Please check')) {
    // With `rerun` only where something else was sent before, and nobody knows what became of it.
    const isOther = ledger.sent.some(({ token, body }) => token === filled.token && body !== filled.body)
    if (filled.route === '/charge' || filled.route === '/note') return !ofNow || isOther
    return !ofNow || filled.route === '/pay' || mode === 'memory'
  }
  return (says('once/token-expired') || says('once/token-missing')) && !ofNow
}

// Whether a form is of the session that the browser has: not too old, and nobody has signed in or out since.
async function isOfNow({ mode, world, disk }: Stage, person: Person, form: Person['forms'][number]): Promise<boolean> {
  if (mode === 'cookie') return false // what is sealed in a cookie nobody can see from outside
  const family = familyOf(form.cookie)
  const secret = readSecretCookie(person.cookie)?.secret
  if (secret === undefined || familyOf(person.cookie) !== family) return false
  if (world.nowMs - form.shownMs > (tokenSeconds - 30) * 1000) return false
  const since = [form.step, Number.MAX_SAFE_INTEGER] as const
  if (disk.happened('signed-in', family, since) || disk.happened('ended', family, since)) return false
  const row = await disk.rowOf(family, Math.floor(world.nowMs / 1000))
  if (row !== null) return hashOf(secret) === row.secretHash
  return person.cookie === form.cookie
}
