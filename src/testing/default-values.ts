import { attribute, type Element, has } from './tree.ts'

/**
 * What an input holds before anybody types: its `value`, cleaned as its type demands. A text of one line has no line
 * breaks, an e-mail address no spaces around it, a broken number, date, time or colour is not kept, and a slider
 * always stands somewhere. Of colours only `#rrggbb` is understood. Never fails.  HTML §4.10.5.1, "value sanitization algorithm"
 */
export function cleanDefault(element: Element, type: string): string {
  const value = attribute(element, 'value') ?? ''
  switch (type) {
    case 'email':
      return has(element, 'multiple') ? value.split(',').map(trimmed).join(',') : trimmed(value)
    case 'url':
      return trimmed(value)
    case 'number':
      return isNumber(value) ? value : ''
    case 'range':
      return String(slider(element, value))
    case 'color':
      return /^#[0-9a-f]{6}$/i.test(value) ? value.toLowerCase() : '#000000'
    case 'datetime-local':
      return isBrokenDate(value, type) ? '' : value.replace(' ', 'T')
    default:
      return isBrokenDate(value, type) ? '' : oneLine(value)
  }
}

/** Text as a field of one line takes it when it is pasted: without line breaks. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, '')
}

const dates: Readonly<Record<string, RegExp>> = {
  date: /^\d{4,}-\d\d-\d\d$/,
  month: /^\d{4,}-\d\d$/,
  week: /^\d{4,}-W\d\d$/,
  time: /^\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/,
  'datetime-local': /^\d{4,}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/,
}

/** Looks at the form only: 2026-02-31 passes, where a browser would clear it. */
function isBrokenDate(value: string, type: string): boolean {
  return dates[type]?.test(value) === false
}

/** valid floating-point number = [ "-" ] ( 1*DIGIT [ "." 1*DIGIT ] / "." 1*DIGIT ) [ "e" [ "+" / "-" ] 1*DIGIT ] */
function isNumber(value: string): boolean {
  return /^-?(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?$/i.test(value)
}

/** In the middle when the page does not say, on one of its steps, and never outside its ends.  HTML §4.10.5.1.13 */
function slider(element: Element, value: string): number {
  const min = numberOf(attribute(element, 'min'), 0)
  const max = Math.max(min, numberOf(attribute(element, 'max'), 100))
  const within = Math.max(min, Math.min(max, numberOf(value, (min + max) / 2)))
  if (attribute(element, 'step')?.toLowerCase() === 'any') return within
  const step = positive(numberOf(attribute(element, 'step'), 1))
  // Steps are counted from `min` or, when the page gives none, from the value it gives.  HTML §4.10.5.3.8
  const base = numberOf(attribute(element, 'min'), numberOf(value, 0))
  const nearest = base + Math.round((within - base) / step) * step
  if (nearest > max) return nearest - step
  return nearest < min ? nearest + step : nearest
}

function positive(step: number): number {
  return step > 0 ? step : 1
}

function numberOf(text: string | undefined, fallback: number): number {
  return text !== undefined && isNumber(text) ? Number(text) : fallback
}

function trimmed(text: string): string {
  return oneLine(text).trim()
}
