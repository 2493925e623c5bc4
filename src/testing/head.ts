import { attribute, type Document, type Element, elementsIn } from './tree.ts'

/** The address that relative addresses of the page start from: its own, or what `<base href>` says.  HTML §4.2.3 */
export function baseOf(document: Document, url: URL): URL {
  const bases = [...elementsIn(document)].filter((element) => element.tagName === 'base')
  const base = bases.map((element) => attribute(element, 'href')).find((href) => href !== undefined)
  return base !== undefined && URL.canParse(base, url) ? new URL(base, url) : url
}

const policies = new Set(
  'no-referrer no-referrer-when-downgrade same-origin origin strict-origin origin-when-cross-origin strict-origin-when-cross-origin unsafe-url'.split(
    ' ',
  ),
)

/**
 * What the page lets others know of its address, from `<meta name=referrer>` or else the `Referrer-Policy` header;
 * `''`, which means `strict-origin-when-cross-origin`, when neither says.  Referrer Policy §4
 */
export function referrerPolicyOf(document: Document, headers: Headers): string {
  const metas = [...elementsIn(document)].filter(isReferrerMeta).map((meta) => attribute(meta, 'content') ?? '')
  return lastPolicy(metas) ?? lastPolicy(headers.get('referrer-policy')?.split(',') ?? []) ?? ''
}

/** The last policy that is known: a server names new ones after old ones, for browsers that know only the old. */
function lastPolicy(names: readonly string[]): string | undefined {
  return names.map((name) => name.trim().toLowerCase()).findLast((name) => policies.has(name))
}

function isReferrerMeta(element: Element): boolean {
  return element.tagName === 'meta' && attribute(element, 'name')?.toLowerCase() === 'referrer'
}
