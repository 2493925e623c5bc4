import { DewarError } from '../errors/dewar-error.ts'
import { type Attribute, type AttributeValue, atStart, readLiteral, type State } from './tokenizer.ts'
import { placeAfter, type UrlPlace, urlAttributes, urlStart } from './url-place.ts'

/** Where one value of a template stands, which decides how it is made safe. */
export type Place =
  /** `dropsLineFeed`: the browser takes away a line feed that comes first here, so one is put before. */
  | { readonly kind: 'text'; readonly dropsLineFeed: boolean }
  | { readonly kind: 'attribute'; readonly name: string; readonly holds: Content }
  /** The value is the whole attribute, so that `false`, `null` and `undefined` leave the attribute out. */
  | { readonly kind: 'whole-attribute'; readonly name: string; readonly written: string; readonly holds: Content }
  /** Between the attributes of a start tag: only ready-made attributes may stand here. */
  | { readonly kind: 'tag' }
  /** Inside script or style, where text cannot be escaped. */
  | { readonly kind: 'raw-text'; readonly element: string }

/** What an attribute holds, as far as the value is concerned. */
export type Content =
  | { readonly kind: 'text' }
  /** A document of its own, as in srcdoc. */
  | { readonly kind: 'document' }
  /** Something of which only numbers are safe. */
  | { readonly kind: 'numbers' }
  /** A URL, of which only text of the template stands before the value. */
  | { readonly kind: 'url'; readonly place: UrlPlace }
  /** A URL with other values before this one. It began after the last quote of this kind; `text` is the template's part. */
  | { readonly kind: 'open-url'; readonly quote: string; readonly text: string }

/** A template read once: the literals around its values, and the place of each value. */
export interface Template {
  readonly literals: readonly string[]
  readonly places: readonly Place[]
}

/**
 * Reads the literals of a template as an HTML tokenizer does and says where each value stands.
 * Throws `html/place` for a place that no escaping makes safe (a comment, a name, an event handler, part of an
 * unquoted value), and for a template that ends inside a tag, a comment, or an element that holds no tags: what is
 * put after it would not stand where it seems to.  WHATWG HTML §13.2.5
 */
export function readTemplate(strings: readonly string[]): Template {
  const literals: string[] = []
  const places: Place[] = []
  let state = atStart
  let taken: string | null = null
  strings.forEach((literal, index) => {
    const rest = taken === null ? literal : spaced(literal.slice(taken.length))
    const read = readLiteral(state, rest)
    if (index === strings.length - 1) {
      refuseUnfinished(read, rest)
      literals.push(rest)
      return
    }
    const hole = placeOf(read, rest, strings[index + 1] ?? '')
    literals.push(hole.literal)
    places.push(hole.place)
    taken = hole.taken
    state = hole.next
  })
  return { literals, places }
}

// An attribute that is left out must not join what stands around it.
function spaced(rest: string): string {
  return /^[\t\n\f\r />]/.test(rest) ? rest : ` ${rest}`
}

/** The place of a value, the literal before it (without an attribute's own text), and how the template goes on. */
interface Hole {
  readonly place: Place
  readonly literal: string
  /** What was taken after a value that is a whole attribute: its closing quote, or nothing. `null` for other values. */
  readonly taken: string | null
  readonly next: State
}

function placeOf(state: State, literal: string, following: string): Hole {
  switch (state.kind) {
    case 'text':
      if (endsInTagOpening(literal)) throw nameless()
      return textHole(state, literal)
    case 'plain-text':
      if (state.marked) throw refused(`A value stands after something like a tag inside <${state.element}>.`)
      return textHole(state, literal)
    case 'raw-text':
      return { place: { kind: 'raw-text', element: state.element }, literal, taken: null, next: state }
    case 'tag':
    case 'after-attribute-name':
      return { place: { kind: 'tag' }, literal, taken: null, next: { kind: 'tag', element: state.element } }
    case 'value-start':
      if (!/^(?:[\t\n\f\r >]|\/>|$)/.test(following)) throw partlyQuoted()
      return wholeAttribute(state, literal, '')
    case 'value':
      return valueHole(state, literal, following)
    case 'comment':
    case 'declaration':
      throw refused('A value stands inside an HTML comment or declaration. Move it out of there.')
    case 'tag-name':
    case 'attribute-name':
      throw nameless()
  }
}

function textHole(state: State & { kind: 'text' | 'plain-text' }, literal: string): Hole {
  return {
    place: { kind: 'text', dropsLineFeed: state.fresh },
    literal,
    taken: null,
    next: state.fresh ? { ...state, fresh: false } : state,
  }
}

function valueHole(state: AttributeValue & { kind: 'value' }, literal: string, following: string): Hole {
  const { name, quote, value } = state
  if (quote === '') throw partlyQuoted()
  if (value === '' && following.startsWith(quote)) return wholeAttribute(state, literal, quote)
  const whole = contentOf(state)
  if (whole.kind === 'document') throw refused(`A value is part of ${name}. Write ${name}=\${html\`…\`} instead.`)
  const holds = whole.kind === 'url' ? urlContent(value, quote) : whole
  if (holds.kind === 'url' && holds.place.kind === 'script') {
    throw refused(`A value stands inside a script URL in ${name}. Put it in a data- attribute.`)
  }
  return {
    place: { kind: 'attribute', name, holds },
    literal,
    taken: null,
    next: { ...state, value: `${value}\0` },
  }
}

function urlContent(value: string, quote: string): Content {
  return value.includes('\0') ? { kind: 'open-url', quote, text: value } : { kind: 'url', place: placeAfter(value) }
}

function wholeAttribute(attribute: Attribute, literal: string, taken: string): Hole {
  const { name, from, element } = attribute
  const written = literal.slice(from, from + name.length)
  return {
    place: { kind: 'whole-attribute', name, written, holds: contentOf(attribute) },
    literal: literal.slice(0, from).trimEnd(),
    taken,
    next: { kind: 'tag', element },
  }
}

function contentOf({ element, name }: Attribute): Content {
  if (/["'<=]|[^!-~]/.test(name)) throw refused(`A value stands in an attribute with the odd name ${name}.`)
  if (/^(?:on|(?:data-)?hx-on)/.test(name)) {
    throw refused(`A value stands in the event handler ${name}. Put it in a data- attribute and read it there.`)
  }
  if (name === 'style' || (animations.has(element) && animated.has(name))) return { kind: 'numbers' }
  if (name === 'srcdoc') return { kind: 'document' }
  return urlAttributes.has(name) ? { kind: 'url', place: urlStart } : { kind: 'text' }
}

// What they animate may be the href of a link around them.  SVG Animations §2.16
const animations: ReadonlySet<string> = new Set(['animate', 'set'])
const animated: ReadonlySet<string> = new Set(['attributename', 'by', 'from', 'to', 'values'])

function refuseUnfinished(state: State, literal: string): void {
  if (state.kind === 'text' && !endsInTagOpening(literal)) return
  const inside =
    state.kind === 'raw-text' || state.kind === 'plain-text'
      ? `<${state.element}>`
      : state.kind === 'comment'
        ? 'a comment'
        : 'a tag'
  throw refused(`A template ends inside ${inside}. Close it in the same template.`)
}

function endsInTagOpening(literal: string): boolean {
  return /<\/?$/.test(literal)
}

function nameless(): DewarError {
  return refused('A value stands in the name of a tag or attribute. Write the name out.')
}

function partlyQuoted(): DewarError {
  return refused('A value is part of an unquoted attribute. Put quotes around the whole attribute.')
}

function refused(detail: string): DewarError {
  return new DewarError('html/place', detail)
}
