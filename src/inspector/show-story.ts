import { type Html, html } from '../html/html.ts'
import type { Exchange, PartSeen, Story } from './exchange.ts'
import { lessonOf } from './lesson.ts'

/** A story as an item of the list of the live page. */
export function showStory(base: string, story: Story): Html {
  const steps = story.exchanges.map((exchange) => showStep(base, exchange))
  const lesson = lessonOf(story)
  return html`<li class="story" id="story-${story.number}" data-change="${story.change}">
<ol class="way">${steps}</ol>
<p class="facts">${factsOf(story)}</p>
${lesson === '' ? null : html`<p class="lesson">${lesson}</p>`}
</li>`
}

/** The request of an exchange and how it was answered, in one line. */
export function showLine({ method, address, status }: Exchange): Html {
  return html`<span class="method ${method.toLowerCase()}">${method}</span> <span class="address">${address}</span> ${showStatus(status)}`
}

/** A status, with a word for those who do not see its colour. */
export function showStatus(status: number): Html {
  return html`<span class="status s${Math.floor(status / 100)}">${status}${reasons[status] === undefined ? null : html` <span class="reason">${reasons[status]}</span>`}</span>`
}

/** A time of day, to the second. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toTimeString().slice(0, 8)
}

/** A length of time, for reading. */
export function milliseconds(ms: number): string {
  return ms < 9.95 ? `${ms.toFixed(1)} ms` : `${Math.round(ms).toLocaleString('en')} ms`
}

function showStep(base: string, exchange: Exchange): Html {
  return html`<li><a href="${base}/exchanges/${exchange.number}">${showLine(exchange)}</a></li>`
}

const reasons: Readonly<Record<number, string>> = {
  301: 'Moved',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Wrong Method',
  422: 'Not Valid',
  500: 'Failed',
  503: 'Unavailable',
}

// Set apart by dots; what there is nothing of is left out.
function factsOf({ exchanges }: Story): string {
  const [first] = exchanges
  if (first === undefined) return ''
  const took = exchanges.reduce((sum, { totalMs }) => sum + totalMs, 0)
  const trips = exchanges.reduce((sum, exchange) => sum + exchange.trips.length, 0)
  return [
    timeOfDay(first.atMs),
    milliseconds(took),
    first.submission === null ? '' : standings[first.submission.standing],
    trips === 0 ? '' : `${trips} ${trips === 1 ? 'question' : 'questions'} to the store`,
    ...exchanges.flatMap(({ session }) => session.parts.flatMap(changeInWords)),
    ...exchanges.flatMap(({ error }) => error ?? []),
  ]
    .filter((fact) => fact !== '')
    .join(' · ')
}

function changeInWords({ name, before, after }: PartSeen): readonly string[] {
  if (before === after) return []
  if (before === null) return [`session + ${name}`]
  return [after === null ? `session − ${name}` : `session ~ ${name}`]
}

/** How a submission stood, in a few words. */
export const standings: Readonly<Record<NonNullable<Exchange['submission']>['standing'], string>> = {
  first: 'the first of its form',
  repeat: 'a repeat: not done again',
  changed: 'sent before with something else',
  running: 'the same is being done',
  unknown: 'its end is not known',
  'asked again': 'not done: its person is asked',
  'not looked up': 'not looked up',
}
