import { DewarError } from '../errors/dewar-error.ts'
import { type UrlPlace, urlAttributes } from './url-place.ts'

/** Where one value of a template stands, which decides how it is made safe. */
export type Place =
  | { readonly kind: 'text'; readonly startsTextarea: boolean }
  | { readonly kind: 'attribute'; readonly name: string; readonly url: UrlPlace | null }
  /** The value is the whole attribute, so that `false`, `null` and `undefined` leave the attribute out. */
  | { readonly kind: 'whole-attribute'; readonly name: string; readonly written: string; readonly url: UrlPlace | null }
  /** Between the attributes of a start tag: only ready-made attributes may stand here. */
  | { readonly kind: 'tag' }
  /** Inside script or style, where text cannot be escaped. */
  | { readonly kind: 'raw-text'; readonly element: string }

/** A template read once: the literals around its values, and the place of each value. */
export interface Template {
  readonly literals: readonly string[]
  readonly places: readonly Place[]
}

/**
 * Reads the literals of a template as an HTML tokenizer does and says where each value stands.
 * Throws `html/place` for a place that no escaping makes safe: a comment, an attribute name, an event handler,
 * part of an unquoted value.  WHATWG HTML §13.2.5
 */
export function readTemplate(strings: readonly string[]): Template {
  const literals: string[] = []
  const places: Place[] = []
  let state: State = text(null)
  let opener = ''
  strings.forEach((literal, index) => {
    const rest = opener !== '' && literal.startsWith(opener) ? literal.slice(1) : literal
    if (opener !== '' && opener !== ' ' && rest === literal) throw partlyQuoted()
    state = opener === '' ? state : { kind: 'tag', element: elementOf(state) }
    opener = ''
    const read = rest === '' ? state : readLiteral(state, rest)
    if (index === strings.length - 1) {
      literals.push(rest)
      return
    }
    const hole = placeOf(read, rest, strings[index + 1] ?? '')
    literals.push(hole.literal)
    places.push(hole.place)
    opener = hole.opener
    state = hole.next
  })
  return { literals, places }
}

type State =
  | { readonly kind: 'text'; readonly element: string | null; readonly fresh: boolean }
  | { readonly kind: 'raw-text'; readonly element: string }
  | { readonly kind: 'comment' }
  | { readonly kind: 'tag-name'; readonly element: string }
  | { readonly kind: 'tag'; readonly element: string }
  | { readonly kind: 'attribute-name'; readonly element: string; readonly name: string }
  | { readonly kind: 'value-start'; readonly element: string; readonly name: string }
  | {
      readonly kind: 'value'
      readonly element: string
      readonly name: string
      readonly quote: '"' | "'" | ''
      readonly value: string
      /** The value is text of the template alone so far, with no other value in it. */
      readonly plain: boolean
    }

function text(element: string | null): State {
  return { kind: 'text', element, fresh: element !== null }
}

function elementOf(state: State): string {
  return state.kind === 'comment' || state.kind === 'text' ? '' : state.element
}

function readLiteral(start: State, literal: string): State {
  let state = start
  for (let at = 0; at < literal.length; at++) state = step(state, literal[at] ?? '', literal, at)
  return state
}

function step(state: State, character: string, literal: string, at: number): State {
  switch (state.kind) {
    case 'text':
      return stepText(state, literal, at)
    case 'raw-text':
      return closes(state.element, literal, at) ? { kind: 'tag-name', element: '' } : state
    case 'comment':
      return literal.endsWith('-->', at + 1) && at >= 2 ? text(null) : state
    case 'tag-name':
      if (character === '>') return afterStartTag(state.element)
      if (isSpace(character) || character === '/') return { kind: 'tag', element: state.element }
      return { kind: 'tag-name', element: state.element + character.toLowerCase() }
    case 'tag':
      if (character === '>') return afterStartTag(state.element)
      if (isSpace(character) || character === '/') return state
      return { kind: 'attribute-name', element: state.element, name: character.toLowerCase() }
    case 'attribute-name':
      if (character === '>') return afterStartTag(state.element)
      if (character === '=') return { kind: 'value-start', element: state.element, name: state.name }
      if (isSpace(character) || character === '/') return { kind: 'tag', element: state.element }
      return { ...state, name: state.name + character.toLowerCase() }
    case 'value-start':
      return stepValueStart(state, character)
    case 'value':
      return stepValue(state, character)
  }
}

function stepText(state: State & { kind: 'text' }, literal: string, at: number): State {
  if (literal[at] === '<') {
    if (literal.startsWith('<!--', at)) return { kind: 'comment' }
    if (/^<[!?]/.test(literal.slice(at, at + 2))) return { kind: 'tag-name', element: '!' }
    if (/^<\/?[a-z]/i.test(literal.slice(at, at + 3))) return { kind: 'tag-name', element: '' }
  }
  return state.fresh ? { ...state, fresh: false } : state
}

function stepValueStart(state: State & { kind: 'value-start' }, character: string): State {
  if (isSpace(character)) return state
  if (character === '>') return afterStartTag(state.element)
  const value = { kind: 'value', element: state.element, name: state.name, plain: true } as const
  if (character === '"' || character === "'") return { ...value, quote: character, value: '' }
  return { ...value, quote: '', value: character }
}

function stepValue(state: State & { kind: 'value' }, character: string): State {
  if (state.quote === '') {
    if (character === '>') return afterStartTag(state.element)
    if (isSpace(character)) return { kind: 'tag', element: state.element }
  } else if (character === state.quote) {
    return { kind: 'tag', element: state.element }
  }
  return { ...state, value: state.value + character }
}

function afterStartTag(element: string): State {
  if (element === 'script' || element === 'style') return { kind: 'raw-text', element }
  return text(element === 'textarea' ? element : null)
}

function closes(element: string, literal: string, at: number): boolean {
  const end = `</${element}`
  return literal.slice(at, at + end.length).toLowerCase() === end
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r' || character === '\f'
}

/** The place of a value, the literal before it (without an attribute's own text), and how the template goes on. */
interface Hole {
  readonly place: Place
  readonly literal: string
  /** The character that must come next, because the value was taken with its quotes: a quote, a space for none. */
  readonly opener: string
  readonly next: State
}

function placeOf(state: State, literal: string, following: string): Hole {
  switch (state.kind) {
    case 'text':
      if (/<\/?$/.test(literal)) throw nameless()
      return {
        place: { kind: 'text', startsTextarea: state.fresh },
        literal,
        opener: '',
        next: { ...state, fresh: false },
      }
    case 'raw-text':
      return { place: state, literal, opener: '', next: state }
    case 'tag':
      return { place: { kind: 'tag' }, literal, opener: '', next: state }
    case 'value-start':
      if (!/^(?:[\s>]|\/>|$)/.test(following)) throw partlyQuoted()
      return wholeAttribute(state, literal, ' ')
    case 'value':
      return valueHole(state, literal, following)
    case 'comment':
      throw new DewarError('html/place', 'A value stands inside an HTML comment. Move it out of the comment.')
    case 'tag-name':
    case 'attribute-name':
      throw nameless()
  }
}

function valueHole(state: State & { kind: 'value' }, literal: string, following: string): Hole {
  if (state.quote === '') throw partlyQuoted()
  if (state.value === '' && state.plain && following.startsWith(state.quote)) {
    return wholeAttribute(state, literal, state.quote)
  }
  refuseScript(state.name)
  const started = state.value !== '' || !state.plain
  const url = urlAttributes.has(state.name) ? urlPlace(state.value, started) : null
  if (url !== null && /^\s*(?:javascript|vbscript|data):/i.test(state.value)) {
    throw new DewarError(
      'html/place',
      `A value stands inside a script URL in ${state.name}. Put it in a data- attribute.`,
    )
  }
  const place: Place = { kind: 'attribute', name: state.name, url }
  return { place, literal, opener: '', next: { ...state, plain: false } }
}

function urlPlace(before: string, started: boolean): UrlPlace {
  if (!started) return 'start'
  if (/[?#]/.test(before)) return 'query'
  return /[/\\]$/.test(before) ? 'segment' : 'path'
}

function wholeAttribute(state: State & { name: string; element: string }, literal: string, opener: string): Hole {
  refuseScript(state.name)
  const from = literal.search(/[^\s"'>/=]+\s*=\s*["']?$/)
  const written = literal.slice(from).replace(/\s*=\s*["']?$/, '')
  const url = urlAttributes.has(state.name) ? 'start' : null
  const place: Place = { kind: 'whole-attribute', name: state.name, written, url }
  const next: State = { kind: 'tag', element: state.element }
  return { place, literal: literal.slice(0, from).trimEnd(), opener, next }
}

function refuseScript(name: string): void {
  if (!name.startsWith('on')) return
  throw new DewarError(
    'html/place',
    `A value stands in the event handler ${name}. Put it in a data- attribute and read it there.`,
  )
}

function nameless(): DewarError {
  return new DewarError('html/place', 'A value stands in the name of a tag or attribute. Write the name out.')
}

function partlyQuoted(): DewarError {
  return new DewarError(
    'html/place',
    'A value is part of an unquoted attribute. Put quotes around the whole attribute.',
  )
}
