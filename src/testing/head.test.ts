import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { baseOf, referrerPolicyOf } from './head.ts'
import { parseHtml } from './tree.ts'

describe('relative addresses start from', () => {
  const page = new URL('http://localhost/shop/cart')
  const stories: [fact: string, html: string, base: string][] = [
    ['the page itself', '<p>x</p>', 'http://localhost/shop/cart'],
    ['the first base that has an address', '<base target=_top><base href=/a/><base href=/b/>', 'http://localhost/a/'],
    ['the page itself when the base is broken', '<base href="http://[">', 'http://localhost/shop/cart'],
  ]
  for (const [fact, html, base] of stories) {
    it(fact, () => assert.equal(baseOf(parseHtml(html), page).href, base))
  }
})

describe('the referrer policy is', () => {
  const stories: [fact: string, html: string, header: string, policy: string][] = [
    ['the default when nothing is said', '', '', ''],
    ['that of the header', '', 'no-referrer', 'no-referrer'],
    ['the last known one of several', '', 'origin, Strict-Origin, new-policy', 'strict-origin'],
    ['that of the page before that of the header', '<meta name=Referrer content=origin>', 'no-referrer', 'origin'],
    ['that of the header when the page says nonsense', '<meta name=referrer content=x>', 'no-referrer', 'no-referrer'],
  ]
  for (const [fact, html, header, policy] of stories) {
    it(fact, () => {
      assert.equal(referrerPolicyOf(parseHtml(html), new Headers({ 'Referrer-Policy': header })), policy)
    })
  }
})
