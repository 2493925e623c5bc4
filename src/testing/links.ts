import { attribute, type Document, type Element, elementsIn, has } from './tree.ts'
import { labelOf } from './visible-text.ts'

/** A link that can be followed. */
export interface Link {
  readonly label: string
  /** As it is written, not yet resolved. */
  readonly href: string
  /** True when the link asks that the page is not told (`rel=noreferrer`). */
  readonly isSecretive: boolean
}

/** The links of a page in tree order. */
export function readLinks(document: Document): Link[] {
  return [...elementsIn(document)].filter((element) => element.tagName === 'a' && has(element, 'href')).map(readLink)
}

function readLink(element: Element): Link {
  const relations = attribute(element, 'rel')?.toLowerCase().split(/\s+/) ?? []
  return {
    label: labelOf(element),
    href: attribute(element, 'href')?.trim() ?? '',
    isSecretive: relations.includes('noreferrer'),
  }
}
