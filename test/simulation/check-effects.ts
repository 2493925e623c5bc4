import { errorEntry } from '../../src/errors/table.ts'
import { Broken } from './broken.ts'
import type { Effect } from './disk.ts'
import type { Answered } from './ledger.ts'
import type { Person } from './person.ts'
import type { Stage } from './stage.ts'

/** What was done, seen from outside, is done once and is what the answers say. */
export function checkEffects(stage: Stage, people: readonly Person[]): void {
  checkOnce(stage)
  checkRedirects(stage)
  checkStrangers(stage, people)
  checkTold(stage, people)
}

function checkOnce({ disk, changed }: Stage): void {
  const byToken = new Map<string, Effect>()
  for (const effect of disk.effects) {
    const before = byToken.get(effect.token)
    byToken.set(effect.token, effect)
    if (before === undefined || before.number === effect.number) continue
    if (before.body === effect.body) throw new Broken('an effect happens at most once', both(before, effect))
    if (changed !== 'accept') throw new Broken('another body never runs silently', both(before, effect))
  }
  if (changed === 'accept') checkEach(disk.effects)
}

function checkEach(effects: readonly Effect[]): void {
  const byBody = new Map<string, Effect>()
  for (const effect of effects) {
    const key = `${effect.token} ${effect.body}`
    const before = byBody.get(key)
    if (before !== undefined) throw new Broken('an effect happens at most once', both(before, effect))
    byBody.set(key, effect)
  }
}

function both(one: Effect, other: Effect): string {
  const told = [one, other].map(({ route, number, body, step }) => `${route} ${number} with ${body} at step ${step}`)
  return `${told.join(', and ')}, for token ${one.token.slice(-5)}`
}

function checkRedirects({ ledger, disk, changed }: Stage): void {
  const first = new Map<string, Answered>()
  for (const answer of ledger.answered) {
    const { token, body, route } = answer.sent
    const { location } = answer
    if (token === '' || answer.status !== 303 || location === null || location.startsWith('/_dewar')) continue
    const key = changed === 'replay' ? token : `${token} ${body}`
    const before = first.get(key)
    if (before !== undefined && before.location !== location) {
      const seen = `${route} led to ${before.location} at step ${before.step}, and to ${location} at step ${answer.step}`
      throw new Broken('a redirect is always the same one', seen)
    }
    first.set(key, answer)
    const number = /^\/receipt\/(\d+)$/.exec(location)?.[1]
    if (number === undefined) continue
    const all = [...disk.effects, ...disk.notes]
    const effect = all.find((one) => one.number === Number(number) && one.token === token)
    const isOfBody = effect?.body === body || changed === 'replay' || route === '/note'
    if (effect !== undefined && isOfBody) continue
    throw new Broken('a redirect exists only if the effect does', `${route} led to ${location} at step ${answer.step}`)
  }
}

/** What only thieves write into a form. */
export const bodyOfThieves = '9'

function checkStrangers({ ledger, disk }: Stage, people: readonly Person[]): void {
  const owners = new Map<string, string>()
  for (const { name, forms } of people) for (const { token } of forms) owners.set(token, name)
  const cookies = new Map<string, string>()
  const property = 'nobody gets the cookie or the answer of somebody else'
  for (const { sent, cookie, location, text, step } of ledger.answered) {
    const owner = owners.get(sent.token)
    const tells = location?.startsWith('/receipt/') === true || text.includes('/receipt/')
    if (owner !== undefined && owner !== sent.person && tells) {
      throw new Broken(property, `${sent.person} heard what came of a form of ${owner} at step ${step}`)
    }
    if (cookie === null || cookie === '') continue
    const holder = cookies.get(cookie) ?? sent.person
    cookies.set(cookie, holder)
    if (holder !== sent.person) throw new Broken(property, `${sent.person} got the cookie of ${holder} at step ${step}`)
  }
  const stolen = disk.effects.find(({ body }) => body === bodyOfThieves)
  if (stolen !== undefined) throw new Broken(property, `A thief did ${stolen.route} at step ${stolen.step}`)
}

const expired = errorEntry('once/token-expired').sentence

function checkTold({ ledger, disk, changed }: Stage, people: readonly Person[]): void {
  for (const { text, sent, askedStep } of ledger.answered) {
    const isTheirs = people.some(
      ({ name, forms }) => name === sent.person && forms.some(({ token }) => token === sent.token),
    )
    if (!isTheirs || !(text.includes('This was not done') || text.includes(expired))) continue
    const done = disk.effects.find(({ token, body, step }) => {
      return token === sent.token && (body === sent.body || changed !== 'accept') && step < askedStep
    })
    if (done === undefined) continue
    const seen = `${done.route} ${done.number} was done at step ${done.step}, and denied to who asked at step ${askedStep}`
    throw new Broken('nobody is told that nothing was done when it was', seen)
  }
}
