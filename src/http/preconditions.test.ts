import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judgePreconditions, rangeCounts } from './preconditions.ts'

process.env.TZ = 'America/New_York' // dates mean GMT wherever they are read

const etag = '"a1"'
const date = 'Sun, 06 Nov 1994 08:49:37 GMT'
const [earlier, later] = ['Sun, 06 Nov 1994 08:49:36 GMT', 'Sun, 06 Nov 1994 08:49:38 GMT']
const file = { etag, lastModified: date }
const untagged = { etag: null, lastModified: null }

describe('the conditions of a request', () => {
  const cases: readonly (readonly [headers: Record<string, string>, verdict: string])[] = [
    [{}, 'answer'],
    [{ 'if-none-match': etag }, 'not-modified'],
    [{ 'if-none-match': `W/${etag}` }, 'not-modified'],
    [{ 'if-none-match': `"x" ,  ${etag}` }, 'not-modified'],
    [{ 'if-none-match': '*' }, 'not-modified'],
    [{ 'if-none-match': '"x"' }, 'answer'],
    [{ 'if-none-match': '' }, 'answer'],
    [{ 'if-none-match': '"x"', 'if-modified-since': date }, 'answer'],
    [{ 'if-modified-since': date }, 'not-modified'],
    [{ 'if-modified-since': later }, 'not-modified'],
    [{ 'if-modified-since': earlier }, 'answer'],
    [{ 'if-modified-since': 'Sunday, 06-Nov-94 08:49:37 GMT' }, 'not-modified'],
    [{ 'if-modified-since': 'Sunday, 06-Nov-94 08:49:36 GMT' }, 'answer'],
    [{ 'if-modified-since': 'Sun Nov  6 08:49:37 1994' }, 'not-modified'],
    [{ 'if-modified-since': 'Sun Nov  6 08:49:36 1994' }, 'answer'],
    [{ 'if-modified-since': '9' }, 'answer'],
    [{ 'if-modified-since': '2094-11-06T08:49:37Z' }, 'answer'],
    [{ 'if-modified-since': `${later}, ${later}` }, 'answer'],
    [{ 'if-match': etag }, 'answer'],
    [{ 'if-match': '*' }, 'answer'],
    [{ 'if-match': `W/${etag}` }, 'failed'],
    [{ 'if-match': '"x"' }, 'failed'],
    [{ 'if-match': etag, 'if-unmodified-since': earlier }, 'answer'],
    [{ 'if-match': etag, 'if-none-match': etag }, 'not-modified'],
    [{ 'if-unmodified-since': earlier }, 'failed'],
    [{ 'if-unmodified-since': date }, 'answer'],
    [{ 'if-unmodified-since': 'yesterday' }, 'answer'],
  ]
  for (const [headers, verdict] of cases) {
    it(`${JSON.stringify(headers)} come to “${verdict}”`, () => {
      assert.equal(judgePreconditions(new Headers(headers), file), verdict)
    })
  }

  it('mean nothing for a file of which nothing is known, but that it is there', () => {
    const judge = (headers: Record<string, string>): string => judgePreconditions(new Headers(headers), untagged)
    assert.equal(judge({ 'if-modified-since': later }), 'answer')
    assert.equal(judge({ 'if-unmodified-since': earlier }), 'answer')
    assert.equal(judge({ 'if-none-match': etag }), 'answer')
    assert.equal(judge({ 'if-match': etag }), 'failed')
    assert.equal(judge({ 'if-match': '*' }), 'answer')
  })
})

describe('a range', () => {
  const counts = (ifRange: string, of = file): boolean => rangeCounts(new Headers({ 'if-range': ifRange }), of)

  it('counts without a condition, for the very tag, and for the exact date', () => {
    assert.equal(rangeCounts(new Headers(), file), true)
    assert.equal(counts(etag), true)
    assert.equal(counts(date), true)
  })

  it('does not count for another tag, a weak one, another date, or where nothing is known', () => {
    for (const other of ['"x"', `W/${etag}`, earlier, later, '*', '']) assert.equal(counts(other), false, other)
    assert.equal(rangeCounts(new Headers({ 'if-range': 'null' }), untagged), false)
  })
})
