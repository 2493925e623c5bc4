import { attribute, type Element, elementsIn, fold, has, isElement, isText, type Parent } from './tree.ts'

/** Never shown as text. What a control holds is asked with `page.value(name)`. */
const unseen = new Set(['datalist', 'head', 'iframe', 'script', 'select', 'style', 'template', 'textarea', 'title'])

/** Elements that run on in the line: no space stands around them. All others part what is before and after. */
const inline = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)

/**
 * What a person reads in this part of the page, on one line: each run of white space is one space.
 * Left out: scripts, styles, what controls hold, elements with `hidden`, closed `<details>` and `<dialog>`.
 * Style sheets are not read, so text hidden by CSS counts as visible. Never fails.
 */
export function visibleText(parent: Parent): string {
  return fold(readText(parent))
}

/** The text of the first `<title>`, folded; `''` when the page has none.  HTML §3.1.5 */
export function titleOf(document: Parent): string {
  for (const element of elementsIn(document)) {
    if (element.tagName === 'title' && !isDrawing(element)) return fold(readText(element))
  }
  return ''
}

/**
 * The name a person would use for a link or a button: its visible text, or its `aria-label`, or the `alt` of its picture.
 * `''` when it has none of them.
 */
export function labelOf(element: Element): string {
  const text = visibleText(element)
  if (text !== '') return text
  const spoken = attribute(element, 'aria-label')
  if (spoken !== undefined) return fold(spoken)
  for (const inner of elementsIn(element)) {
    if (inner.tagName === 'img') return fold(attribute(inner, 'alt') ?? '')
  }
  return ''
}

function readText(parent: Parent): string {
  let text = ''
  for (const node of shownChildren(parent)) {
    if (isText(node)) text += node.value
    if (isElement(node) && !isHidden(node)) text += inline.has(node.tagName) ? readText(node) : ` ${readText(node)} `
  }
  return text
}

function shownChildren(parent: Parent): Parent['childNodes'] {
  if (!isElement(parent) || parent.tagName !== 'details' || has(parent, 'open')) return parent.childNodes
  return parent.childNodes.filter((node) => isElement(node) && node.tagName === 'summary').slice(0, 1)
}

function isHidden(element: Element): boolean {
  if (unseen.has(element.tagName) || has(element, 'hidden')) return true
  return element.tagName === 'dialog' && !has(element, 'open')
}

/** An svg has `<title>` elements of its own, which name its shapes. */
function isDrawing(element: Element): boolean {
  return element.namespaceURI.endsWith('/svg')
}
