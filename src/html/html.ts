import { DewarError } from '../errors/dewar-error.ts'
import { escapeHtml, escapeMarkupForAttribute } from './escape.ts'
import { type Content, type Place, readTemplate, type Template } from './template.ts'
import { fitUrl, placeAfterValues, type UrlPlace } from './url-place.ts'

/** Markup that is safe to send: made by `html`, or vouched for by `raw`. `String(markup)` gives its text. */
export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

// Markup that its author wrote out or vouches for, with nothing in it that only `html` has made safe.
class Vouched extends Html {}

/** Something that shows itself as HTML, such as a form. */
export interface HtmlSource {
  /** The markup of it. */
  toHtml(): Html
}

/** What may stand in `${…}` of an `html` template. Lists are joined; `null`, `undefined` and booleans show nothing. */
export type HtmlValue = string | number | bigint | boolean | null | undefined | Html | HtmlSource | readonly HtmlValue[]

/**
 * Markup from a template literal; each value is made safe for the place it stands in (text, attribute, URL).
 *
 * An attribute that is one value alone is left out for `false`, `null` and `undefined`, and written without
 * a value for `true` (`aria-` and `data-` attributes say `true` and `false`). Quotes around it may be left out.
 * Throws `html/place` where no escaping helps (script, event handlers, comments) and for a template that ends inside
 * a tag or a comment, `html/value` for an object or a promise.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const { literals, places } = templateOf(strings)
  let markup = literals[0] ?? ''
  if (places.length === 0) return new Vouched(markup)
  for (let index = 0; index < places.length; index++) {
    markup += fill(places[index] as Place, values[index], markup) + literals[index + 1] // both lists are as long as the values
  }
  return new Html(markup)
}

/** Markup taken as it is, unescaped. Never pass what a person typed: it would run in the browser of others. */
export function raw(markup: string): Html {
  return new Vouched(markup)
}

const templates = new WeakMap<TemplateStringsArray, Template>()

function templateOf(strings: TemplateStringsArray): Template {
  const known = templates.get(strings)
  if (known !== undefined) return known
  const template = readTemplate(strings)
  templates.set(strings, template)
  return template
}

function fill(place: Place, value: HtmlValue, before: string): string {
  switch (place.kind) {
    case 'text':
      return place.dropsLineFeed ? `\n${textOf(value)}` : textOf(value)
    case 'attribute':
      return attributeText(place, value, before)
    case 'whole-attribute':
      return wholeAttribute(place, value)
    case 'tag':
      return tagText(value)
    case 'raw-text':
      return rawText(place.element, value)
  }
}

function textOf(value: HtmlValue): string {
  if (typeof value === 'string') return escapeHtml(value)
  if (isNothing(value)) return ''
  if (isNumber(value)) return String(value)
  if (value instanceof Html) return value.toString()
  if (Array.isArray(value)) return value.map((each) => textOf(each)).join('')
  return sourceOf(value).toString()
}

function sourceOf(value: unknown): Html {
  if (typeof value === 'object' && value !== null && 'toHtml' in value && typeof value.toHtml === 'function') {
    const markup: unknown = value.toHtml()
    if (markup instanceof Html) return markup
  }
  throw new DewarError('html/value', `A value of kind ${kindOf(value)} cannot be shown in HTML. ${adviceFor(value)}`)
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value
  return value.constructor?.name ?? 'object'
}

function adviceFor(value: unknown): string {
  if (value instanceof Promise) return 'Await it first.'
  if (value instanceof Date) return 'Turn it into text first, for example with toLocaleDateString().'
  if (typeof value === 'function') return 'Call it first.'
  return 'Name the part of it that you want to show.'
}

interface AttributePlace {
  readonly name: string
  readonly holds: Content
}

function attributeText({ name, holds }: AttributePlace, value: HtmlValue, before: string): string {
  switch (holds.kind) {
    case 'text':
      return typeof value === 'string' ? escapeHtml(value) : escapeMarkupForAttribute(textOf(value))
    case 'document':
      return escapeHtml(textOf(value))
    case 'numbers':
      if (value instanceof Vouched) return escapeMarkupForAttribute(value.toString())
      if (isNumber(value) || isNothing(value)) return textOf(value)
      throw refused(`Only numbers can stand in ${name} here. Use a class, or raw(…) if you vouch for it.`)
    case 'url':
    case 'open-url':
      if (value instanceof Vouched) return escapeMarkupForAttribute(value.toString())
      return escapeHtml(fitUrl(urlText(name, value), urlPlaceOf(holds, before)))
  }
}

function urlPlaceOf(holds: Content & { kind: 'url' | 'open-url' }, before: string): UrlPlace {
  return holds.kind === 'url' ? holds.place : placeAfterValues(urlSoFar(before, holds.quote), holds.text)
}

// Quotes in values are escaped, so the last one is the one that opened the attribute.
function urlSoFar(before: string, quote: string): string {
  return before.slice(before.lastIndexOf(quote) + 1).replaceAll('&#39;', "'")
}

function urlText(name: string, value: HtmlValue): string {
  if (typeof value === 'string') return value
  if (isNumber(value)) return String(value)
  if (isNothing(value)) return ''
  if (Array.isArray(value)) return value.map((each) => urlText(name, each)).join('')
  if (!(value instanceof Html)) sourceOf(value) // throws for what is no markup either, and says what it is
  throw refused(`Markup stands in ${name}, which is a URL. Pass text, or raw(…) if you vouch for it.`)
}

function wholeAttribute(place: Place & { kind: 'whole-attribute' }, value: HtmlValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'boolean') return ` ${place.written}="${attributeText(place, value, '')}"`
  if (/^(?:aria|data)-/.test(place.name)) return ` ${place.written}="${value}"`
  return value ? ` ${place.written}` : ''
}

function tagText(value: HtmlValue): string {
  if (value instanceof Vouched) return value.toString()
  if (value === null || value === undefined || value === false || value === '') return ''
  throw refused('A value stands between the attributes of a tag. Write name="${value}" instead.')
}

function rawText(element: string, value: HtmlValue): string {
  if (value instanceof Vouched) return value.toString()
  if (element === 'style' && isNumber(value)) return String(value)
  throw refused(`A value stands inside <${element}>. Put it in a data- attribute, or use raw(…) if you vouch for it.`)
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'boolean'
}

function refused(detail: string): DewarError {
  return new DewarError('html/place', detail)
}
