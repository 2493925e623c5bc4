import { DewarError } from '../errors/dewar-error.ts'
import { escapeHtml, escapeMarkupForAttribute } from './escape.ts'
import { type Place, readTemplate, type Template } from './template.ts'
import { fitUrl, type UrlPlace } from './url-place.ts'

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
 * Throws `html/place` where no escaping helps (script, event handlers, comments), `html/value` for an object
 * or a promise.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const { literals, places } = templateOf(strings)
  let markup = literals[0] ?? ''
  for (let index = 0; index < places.length; index++) {
    markup += fill(places[index] as Place, values[index]) + literals[index + 1] // both lists are as long as the values
  }
  return new Html(markup)
}

/** Markup taken as it is, unescaped. Never pass what a person typed: it would run in the browser of others. */
export function raw(markup: string): Html {
  return new Html(markup)
}

const templates = new WeakMap<TemplateStringsArray, Template>()

function templateOf(strings: TemplateStringsArray): Template {
  const known = templates.get(strings)
  if (known !== undefined) return known
  const template = readTemplate(strings)
  templates.set(strings, template)
  return template
}

function fill(place: Place, value: HtmlValue): string {
  switch (place.kind) {
    case 'text':
      return place.startsTextarea ? `\n${textOf(value)}` : textOf(value) // a textarea drops its first line feed
    case 'attribute':
      return attributeText(place.name, value, place.url)
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
  if (value === null || value === undefined || typeof value === 'boolean') return ''
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Html) return value.toString()
  if (Array.isArray(value)) return value.map(textOf).join('')
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

function attributeText(name: string, value: HtmlValue, url: UrlPlace | null): string {
  if (name === 'style' && typeof value !== 'number') {
    throw new DewarError(
      'html/place',
      'Only numbers can stand in a style attribute. Use a class, or raw(…) if you vouch for it.',
    )
  }
  if (name === 'srcdoc') return escapeHtml(textOf(value))
  if (value instanceof Html) return escapeMarkupForAttribute(value.toString())
  if (Array.isArray(value)) return value.map((each) => attributeText(name, each, url)).join('')
  if (value === null || value === undefined || typeof value === 'boolean') return ''
  if (typeof value === 'object') return escapeMarkupForAttribute(sourceOf(value).toString())
  const text = String(value)
  return escapeHtml(url === null ? text : fitUrl(text, url))
}

function wholeAttribute(place: Place & { kind: 'whole-attribute' }, value: HtmlValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'boolean') return ` ${place.written}="${attributeText(place.name, value, place.url)}"`
  if (/^(?:aria|data)-/.test(place.name)) return ` ${place.written}="${value}"`
  return value ? ` ${place.written}` : ''
}

function tagText(value: HtmlValue): string {
  if (value instanceof Html) return value.toString()
  if (value === null || value === undefined || value === false) return ''
  throw new DewarError('html/place', 'A value stands between the attributes of a tag. Write name="${value}" instead.')
}

function rawText(element: string, value: HtmlValue): string {
  if (value instanceof Html) return value.toString()
  if (element === 'style' && typeof value === 'number') return String(value)
  throw new DewarError(
    'html/place',
    `A value stands inside <${element}>. Put it in a data- attribute, or use raw(…) if you vouch for it.`,
  )
}
