import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5'

/** The nodes of a page, as parse5 builds them. */
export type Document = DefaultTreeAdapterTypes.Document
/** A tag with its attributes and what stands in it. */
export type Element = DefaultTreeAdapterTypes.Element
/** Anything in the tree: elements, text, comments, the document itself. */
export type Node = DefaultTreeAdapterTypes.Node
/** Anything that other nodes can stand in. */
export type Parent = DefaultTreeAdapterTypes.ParentNode

/**
 * The document that a browser without scripts builds from this text: what stands in `<noscript>` is part of it.
 * Never fails, whatever the text.  HTML §13.2
 */
export function parseHtml(html: string): Document {
  return parse(html, { scriptingEnabled: false })
}

/** Every element below `parent`, in tree order. What stands in a `<template>` is not part of the page. */
export function* elementsIn(parent: Parent): Generator<Element> {
  for (const node of parent.childNodes) {
    if (!isElement(node)) continue
    yield node
    yield* elementsIn(node)
  }
}

/** The elements around this one, the nearest first. */
export function* ancestorsOf(element: Element): Generator<Element> {
  for (let parent = element.parentNode; parent !== null && isElement(parent); parent = parent.parentNode) yield parent
}

/** The attribute as it is written, `''` when it has no value, `undefined` when it is not there. */
export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value
}

/** True when the attribute is there, whatever its value: `disabled`, `disabled=""` and `disabled="false"` alike. */
export function has(element: Element, name: string): boolean {
  return attribute(element, name) !== undefined
}

/** All text below the node, as it is written: spaces are kept and hidden text is included. */
export function textIn(parent: Parent): string {
  let text = ''
  for (const node of parent.childNodes) {
    if (isText(node)) text += node.value
    if (isElement(node)) text += textIn(node)
  }
  return text
}

/** Text as it is read: each run of white space is one space, none at the ends. */
export function fold(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** True for tags, false for text and comments. */
export const isElement: (node: Node) => node is Element = defaultTreeAdapter.isElementNode
/** True for text between tags. */
export const isText: (node: Node) => node is DefaultTreeAdapterTypes.TextNode = defaultTreeAdapter.isTextNode
