import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Leg, provenanceHeaders, sameSiteContext } from './initiator.ts'

/** A request on its way: where it started (`undefined` is the address bar), and the addresses asked. */
function leg(method: Leg['method'], from: string | undefined, ...chain: [string, ...string[]]): Leg {
  const [first, ...others] = chain
  return {
    method,
    from: from === undefined ? undefined : { url: new URL(from), referrerPolicy: '' },
    chain: [new URL(first), ...others.map((url) => new URL(url))],
  }
}

const app = 'https://app.example/'
const evil = 'https://evil.test/'

describe('where a request comes from is told', () => {
  const stories: [fact: string, leg: Leg, site: string, origin: string | undefined, referer: string | undefined][] = [
    ['as none from the address bar', leg('GET', undefined, app), 'none', undefined, undefined],
    [
      'as same-origin within the app',
      leg('POST', `${app}a?b#c`, app),
      'same-origin',
      'https://app.example',
      `${app}a?b`,
    ],
    [
      'as same-site from a sister',
      leg('POST', 'https://my.app.example/a', app),
      'same-site',
      'https://my.app.example',
      'https://my.app.example/',
    ],
    ['as cross-site from a stranger', leg('POST', `${evil}a`, app), 'cross-site', 'https://evil.test', evil],
    [
      'as cross-site from plain http',
      leg('GET', 'http://app.example/', app),
      'cross-site',
      undefined,
      'http://app.example/',
    ],
    [
      'as cross-site from another address of numbers',
      leg('GET', 'https://10.2.0.1/', 'https://10.1.0.1/'),
      'cross-site',
      undefined,
      'https://10.2.0.1/',
    ],
    ['as cross-site once a stranger was on the way', leg('POST', app, `${app}a`, evil, app), 'cross-site', 'null', app],
    ['as none when the address bar was redirected', leg('GET', undefined, evil, app), 'none', undefined, undefined],
  ]
  for (const [fact, story, site, origin, referer] of stories) {
    it(fact, () => {
      const headers = provenanceHeaders(story)
      assert.deepEqual([headers['Sec-Fetch-Site'], headers.Origin, headers.Referer], [site, origin, referer])
    })
  }

  it('by nothing when a page on https asks plain http, on this machine too', () => {
    const headers = provenanceHeaders(leg('POST', evil, 'http://localhost/'))
    assert.equal(headers.Origin, 'null')
    assert.equal(headers.Referer, undefined)
    assert.equal(headers['Sec-Fetch-Site'], 'cross-site')
  })

  it('by Origin and Referer alone to a server on plain http', () => {
    const headers = provenanceHeaders(leg('POST', 'http://app.example/a', 'http://app.example/b'))
    assert.deepEqual(headers, { Origin: 'http://app.example', Referer: 'http://app.example/a' })
  })
})

describe('a referrer policy', () => {
  // What goes to the app itself, to another https site, to plain http.
  const whole = 'https://app.example/a?b'
  const short = 'https://app.example/'
  const policies: [
    policy: string,
    own: string | undefined,
    other: string | undefined,
    plain: string | undefined,
    origins: string,
  ][] = [
    ['', whole, short, undefined, 'own other null'],
    ['strict-origin-when-cross-origin', whole, short, undefined, 'own other null'],
    ['no-referrer', undefined, undefined, undefined, 'null null null'],
    ['same-origin', whole, undefined, undefined, 'own null null'],
    ['origin', short, short, short, 'own other plain'],
    ['strict-origin', short, short, undefined, 'own other null'],
    ['origin-when-cross-origin', whole, short, short, 'own other plain'],
    ['no-referrer-when-downgrade', whole, whole, undefined, 'own other null'],
    ['unsafe-url', whole, whole, whole, 'own other plain'],
  ]
  for (const [policy, own, other, plain, origins] of policies) {
    it(`${policy || 'by default'} decides what is told to whom`, () => {
      const told = [app, evil, 'http://evil.test/'].map((target) =>
        provenanceHeaders({
          method: 'POST',
          from: { url: new URL(whole), referrerPolicy: policy },
          chain: [new URL(target)],
        }),
      )
      assert.deepEqual(
        told.map(({ Referer }) => Referer),
        [own, other, plain],
      )
      const names = ['own', 'other', 'plain'].map((name, index) => (told[index]?.Origin === 'null' ? 'null' : name))
      assert.equal(names.join(' '), origins)
    })
  }
})

describe('cookies that go along', () => {
  const stories: [fact: string, leg: Leg, context: string][] = [
    ['are all from the address bar', leg('GET', undefined, app), 'strict'],
    ['are all within a site', leg('POST', 'https://my.app.example/', app), 'strict'],
    ['are those of a link from another site', leg('GET', evil, app), 'lax'],
    ['are the fewest for a form of another site', leg('POST', evil, app), 'none'],
    ['are all when the app asked first, whoever redirects', leg('POST', app, evil, app), 'strict'],
  ]
  for (const [fact, story, context] of stories) {
    it(fact, () => assert.equal(sameSiteContext(story), context))
  }
})
