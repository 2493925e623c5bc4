import type { Crew } from './crew.ts'
import { familyOf } from './ledger.ts'
import type { Filled, Person, ShownForm } from './person.ts'
import { onceRoutes } from './simulated-app.ts'
import type { Stage } from './stage.ts'
import { submitForm } from './submitting.ts'

/** Somebody who does something with their browser. */
interface Playing {
  readonly stage: Stage
  readonly crew: Crew
  readonly person: Person
  readonly others: readonly Person[]
}

type Act = (playing: Playing) => Promise<unknown>

/** Has a person do a few things, whatever the seed says. */
export async function play(playing: Playing): Promise<void> {
  const { stage, person } = playing
  const { chance } = stage.world
  await open(playing)
  if (stage.trouble.isSluggish) await outwait(playing)
  for (let turns = 1 + chance.below(3); turns > 0; turns--) {
    await stage.world.pass(`${person.name} thinks`, { delayMs: chance.below(2_000) })
    await chance.pick(acts)(playing)
  }
}

const open: Act = async ({ stage, person }) => {
  const routes = onceRoutes[stage.mode]
  person.see(await person.get(`/form?for=${stage.world.chance.pick(routes)}`))
}

// The newest form, filled in and sent.
const submit: Act = async (playing) => {
  const { stage, person } = playing
  const form = person.forms.at(-1)
  if (form === undefined) return open(playing)
  return patiently(playing, fill(playing, form, `${1 + stage.world.chance.below(3)}`), person.cookie)
}

// Two posts at once. The browser closes the first connection, or sees both.
const clickTwice: Act = async (playing) => {
  const { stage, person } = playing
  const form = person.forms.at(-1)
  if (form === undefined) return open(playing)
  const filled = fill(playing, form, `${1 + stage.world.chance.below(2)}`)
  const { cookie } = person
  const first = person.post(filled, cookie)
  const second = submitForm(stage, person, { filled, cookie })
  if (stage.world.chance.happens(0.5)) person.see(await first)
  await Promise.all([first, second])
}

// Something that was sent before is sent again, as it was or edited, with the cookie of now or of then.
const goBack: Act = async (playing) => {
  const { stage, person } = playing
  const { chance } = stage.world
  const [first, ...rest] = person.filled
  if (first === undefined) return submit(playing)
  const before = chance.pick([first, ...rest])
  const form = person.forms.find(({ token }) => token === before.token)
  const body = chance.happens(0.5) ? before.body : `${1 + chance.below(4)}`
  const cookie = chance.happens(0.7) ? person.cookie : (form?.cookie ?? '')
  return patiently(playing, fill(playing, before, body), cookie)
}

// Sent, sent again when no claim on it counts any more, and edited meanwhile and afterwards, whatever becomes of the ones before.
const outwait: Act = async (playing) => {
  const { stage, person } = playing
  const form = person.forms.at(-1)
  if (form === undefined) return open(playing)
  const { world } = stage
  const { cookie } = person
  const sent: Promise<unknown>[] = []
  for (const [body, mostMs] of [
    ['1', 2_000],
    ['1', 12_000],
    ['2', 30_000],
    ['3', 0],
  ] as const) {
    sent.push(person.post(fill(playing, form, body), cookie).then((answer) => person.see(answer)))
    const leastMs = sent.length === 1 ? 31_000 : 0
    await world.pass(`${person.name} outwaits the lease`, { delayMs: leastMs + world.chance.below(mostMs) })
  }
  await Promise.all(sent)
}

// What is invalid is shown again, with the same token.
const mistype: Act = async (playing) => {
  const form = playing.person.forms.at(-1)
  if (form === undefined) return open(playing)
  return submitForm(playing.stage, playing.person, { filled: { ...form, body: '0' }, cookie: playing.person.cookie })
}

const append: Act = async ({ stage, person }) => {
  const item = (): Filled => ({ route: '/append', token: '', body: `i${stage.disk.nextNumber()}` })
  if (stage.mode === 'cookie') return
  const { cookie } = person
  const both = [person.post(item(), cookie), person.post(item(), cookie)]
  for (const answer of both) person.see(await answer)
}

const logIn: Act = async (playing) => {
  const { stage, person } = playing
  const shown = person.see(await person.get('/form?for=/login'))
  const form = person.forms.at(-1)
  if (shown === null || form?.route !== '/login') return
  const filled = fill(playing, form, `user-${person.name}`)
  const { cookie } = person
  const again = stage.world.chance.happens(0.4) ? person.post(filled, cookie) : null
  await patiently(playing, filled, cookie)
  if (again !== null) person.see(await again)
}

const logOut: Act = async (playing) => {
  const { stage, person } = playing
  const besides = stage.world.chance.happens(0.5) ? append(playing) : null
  person.see(await person.post({ route: '/logout', token: '', body: '' }))
  await besides
}

// Somebody else ends the session, or all of the user's, from another device.
const revoke: Act = async (playing) => {
  const { stage, crew, person } = playing
  const family = familyOf(person.cookie)
  if (stage.mode === 'cookie' || family === '') return
  const { sessions } = crew.any().app
  const ended = stage.world.chance.happens(0.5) ? sessions.revoke(family) : sessions.revokeAll(`user-${person.name}`)
  const besides = append(playing)
  // It may be that the process dies and never says so.
  await Promise.race([ended.catch(() => {}), stage.world.pass('nobody waits for a revocation', { delayMs: 5_000 })])
  await besides
}

// A moment, the end of a lease, or the end of all tokens; long times only when nobody is asking for anything.
const wait: Act = async ({ stage, person }) => {
  const { world } = stage
  const delayMs = world.chance.pick([1_000, 12_000, 40_000])
  await world.pass(`${person.name} waits`, { delayMs })
}

// The token of somebody else, with one's own cookie, or with a cookie made up for their family.
const steal: Act = async ({ stage, person, others }) => {
  const { chance } = stage.world
  const victim = others[chance.below(others.length)]
  const filled = victim?.filled.at(-1)
  if (filled === undefined || victim === undefined) return
  const forged = `${familyOf(victim.cookie)}.${'a'.repeat(32)}`
  const cookie = chance.happens(0.5) || stage.mode === 'cookie' ? person.cookie : forged
  await person.post({ ...filled, body: chance.happens(0.7) ? filled.body : '9' }, cookie)
}

const often: readonly Act[] = [submit, clickTwice, goBack, open]
const seldom: readonly Act[] = [append, append, mistype, logIn, logIn, logOut, revoke, wait, steal]
const acts: readonly [Act, ...Act[]] = [submit, ...often, ...often, ...often, ...seldom]

function fill({ person }: Playing, { route, token }: Pick<ShownForm, 'route' | 'token'>, body: string): Filled {
  const filled = { route, token, body: route === '/login' ? `user-${person.name}` : body }
  const isKnown = person.filled.some((before) => before.token === token && before.body === filled.body)
  if (!isKnown) person.filled.push(filled)
  return filled
}

// Who gets no answer, or is told to try later, mostly tries again.
async function patiently({ stage, person }: Playing, filled: Filled, cookie: string): Promise<void> {
  const { chance } = stage.world
  for (let tries = 0; tries < 3; tries++) {
    const answer = await submitForm(stage, person, { filled, cookie })
    if (answer !== null && answer.status < 500) return
    if (chance.happens(0.3)) return
  }
}
