import { DewarError } from '../errors/dewar-error.ts'

/** Where a reader of HTML stands after some of it.  WHATWG HTML §13.2.5 */
export type State =
  /** Between tags. `fresh`: right after the start tag of an element that drops its first line feed. */
  | { readonly kind: 'text'; readonly fresh: boolean }
  /** Inside title or textarea, which hold no tags. `marked`: something there looks like a tag nevertheless. */
  | { readonly kind: 'plain-text'; readonly element: string; readonly fresh: boolean; readonly marked: boolean }
  /** Inside script, style and their like, where nothing can be escaped. */
  | { readonly kind: 'raw-text'; readonly element: string; readonly hiding: Hiding }
  /** `end`: where it ends in this literal. */
  | { readonly kind: 'comment'; readonly end: number }
  /** Inside `<!doctype …>`, `<?…>` or `</ …>`, which end at the first `>`, quoted or not. */
  | { readonly kind: 'declaration' }
  /** `element` begins with a slash in an end tag. */
  | { readonly kind: 'tag-name'; readonly element: string }
  | { readonly kind: 'tag'; readonly element: string }
  | ({ readonly kind: 'attribute-name' } & Attribute)
  | ({ readonly kind: 'after-attribute-name' } & Attribute)
  | ({ readonly kind: 'value-start' } & Attribute)
  | ({ readonly kind: 'value' } & AttributeValue)

/** An attribute that the reader has come to. */
export interface Attribute {
  readonly element: string
  /** In lower case. */
  readonly name: string
  /** Where its name begins in the literal. */
  readonly from: number
}

/** An attribute whose value has begun. */
export interface AttributeValue extends Attribute {
  readonly quote: '"' | "'" | ''
  /** The literal text of the value so far, with U+0000 for each value of the template in it. */
  readonly value: string
}

// A script that says `<!--` and then `<script` hides one `</script>` after that.  §13.2.5.20 to §13.2.5.29
type Hiding = 'nothing' | 'comment' | 'script'

/** The state at the start of a template. */
export const atStart: State = { kind: 'text', fresh: false }

/** Reads a literal of a template from a state on. Throws `html/place` for what two browsers' modes read in two ways. */
export function readLiteral(start: State, literal: string): State {
  let state = start
  for (let at = 0; at < literal.length; at++) state = step(state, literal, at)
  return state
}

function step(state: State, literal: string, at: number): State {
  const character = literal[at] ?? ''
  switch (state.kind) {
    case 'text':
      return stepText(state, literal, at)
    case 'plain-text':
      return stepPlainText(state, literal, at)
    case 'raw-text':
      return stepRawText(state, literal, at)
    case 'comment':
      return at + 1 >= state.end ? atStart : state
    case 'declaration':
      return character === '>' ? atStart : state
    case 'tag-name':
      if (character === '>') return afterTag(state.element)
      if (isSpace(character) || (character === '/' && state.element !== '')) return tag(state.element)
      return { kind: 'tag-name', element: state.element + character.toLowerCase() }
    case 'tag':
      if (character === '>') return afterTag(state.element)
      if (isSpace(character) || character === '/') return state
      if (character === '=') throw unreadable('A tag has an equals sign without a name before it.')
      return { kind: 'attribute-name', element: state.element, name: character.toLowerCase(), from: at }
    case 'attribute-name':
    case 'after-attribute-name':
      return stepAttributeName(state, character, at)
    case 'value-start':
      return stepValueStart(state, character)
    case 'value':
      return stepValue(state, character)
  }
}

function stepText(state: State & { kind: 'text' }, literal: string, at: number): State {
  if (literal[at] === '<') {
    if (literal.startsWith('<!--', at)) return { kind: 'comment', end: endOfComment(literal, at) }
    if (literal.startsWith('<![CDATA[', at)) throw unreadable(cdata)
    if (/^<(?:[!?]|\/[^a-z])/i.test(literal.slice(at, at + 3))) return { kind: 'declaration' }
    if (/^<\/?[a-z]/i.test(literal.slice(at, at + 3))) return { kind: 'tag-name', element: '' }
  }
  return state.fresh ? atStart : state
}

// No value may stand in a comment, so it ends in the literal in which it began. `<!-->` and `--!>` end it too.
function endOfComment(literal: string, at: number): number {
  const end = /-?>|.*?--!?>/sy
  end.lastIndex = at + 4
  return end.test(literal) ? end.lastIndex : Number.POSITIVE_INFINITY
}

function stepPlainText(state: State & { kind: 'plain-text' }, literal: string, at: number): State {
  if (isEndTag(state.element, literal, at)) return { kind: 'tag-name', element: '' }
  const marked = state.marked || /^<(?:[a-z/!?]|$)/i.test(literal.slice(at, at + 2))
  return state.fresh || marked !== state.marked ? { ...state, fresh: false, marked } : state
}

function stepRawText(state: State & { kind: 'raw-text' }, literal: string, at: number): State {
  const { element, hiding } = state
  const ends = isEndTag(element, literal, at)
  if (ends && hiding !== 'script') return { kind: 'tag-name', element: '' }
  if (element !== 'script') return state
  if (ends) return { ...state, hiding: 'comment' }
  if (hiding === 'nothing') return literal.startsWith('<!--', at) ? { ...state, hiding: 'comment' } : state
  if (literal.endsWith('-->', at + 1)) return { ...state, hiding: 'nothing' }
  return /^<script[\t\n\f\r />]/i.test(literal.slice(at, at + 8)) ? { ...state, hiding: 'script' } : state
}

function stepAttributeName(
  state: State & { kind: 'attribute-name' | 'after-attribute-name' },
  character: string,
  at: number,
): State {
  if (character === '>') return afterTag(state.element)
  if (character === '=') return { ...state, kind: 'value-start' }
  if (character === '/') return tag(state.element)
  if (isSpace(character)) return { ...state, kind: 'after-attribute-name' }
  if (state.kind === 'attribute-name') return { ...state, name: state.name + character.toLowerCase() }
  return { kind: 'attribute-name', element: state.element, name: character.toLowerCase(), from: at }
}

function stepValueStart(state: State & { kind: 'value-start' }, character: string): State {
  if (isSpace(character)) return state
  if (character === '>') return afterTag(state.element)
  if (character === '"' || character === "'") return { ...state, kind: 'value', quote: character, value: '' }
  return { ...state, kind: 'value', quote: '', value: character }
}

function stepValue(state: State & { kind: 'value' }, character: string): State {
  if (state.quote === '') {
    if (character === '>') return afterTag(state.element)
    if (isSpace(character)) return tag(state.element)
  } else if (character === state.quote) {
    return tag(state.element)
  }
  return { ...state, value: state.value + character }
}

function tag(element: string): State {
  return { kind: 'tag', element }
}

function afterTag(element: string): State {
  if (rawTextElements.has(element)) return { kind: 'raw-text', element, hiding: 'nothing' }
  if (element === 'title') return { kind: 'plain-text', element, fresh: false, marked: false }
  if (element === 'textarea') return { kind: 'plain-text', element, fresh: true, marked: false }
  return { kind: 'text', fresh: element === 'pre' || element === 'listing' }
}

// noscript is not among them: without scripts its content is markup like any other.  §13.2.6.2
const rawTextElements: ReadonlySet<string> = new Set([
  'iframe',
  'noembed',
  'noframes',
  'plaintext',
  'script',
  'style',
  'xmp',
])

function isEndTag(element: string, literal: string, at: number): boolean {
  const end = at + 2 + element.length
  if (literal[at] !== '<' || literal.slice(at, end).toLowerCase() !== `</${element}`) return false
  return element !== 'plaintext' && /^(?:[\t\n\f\r />]|$)/.test(literal.slice(end, end + 1))
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r' || character === '\f'
}

const cdata = 'A template has a CDATA section, which is text inside svg and a comment elsewhere. Write the text itself.'

function unreadable(detail: string): DewarError {
  return new DewarError('html/place', detail)
}
