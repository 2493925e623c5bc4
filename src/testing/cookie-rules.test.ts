import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isTrustworthy, judgeCookie } from './cookie-rules.ts'

const now = Date.UTC(2030, 0)
const here = 'http://localhost/shop/cart'

/** What becomes of the line: `name=value`, or `dropped`. */
function fate(line: string, from: string = here): string {
  const cookie = judgeCookie(line, new URL(from), now)
  return cookie === undefined ? 'dropped' : `${cookie.name}=${cookie.value}`
}

describe('a Set-Cookie line', () => {
  const kept: [why: string, line: string, from?: string][] = [
    ['Secure from http on this machine', 'a=1; Secure'],
    ['Secure from https', 'a=1; Secure', 'https://app.example/'],
    ['every promise of __Host- held', '__Host-a=1; Secure; Path=/'],
    ['every promise of __Host-Http- held', '__Host-Http-a=1; Secure; HttpOnly; Path=/'],
    [
      'every promise of __Http- held',
      '__Http-a=1; Secure; HttpOnly; Path=/shop; Domain=app.example',
      'https://app.example/',
    ],
    ['the promise of __Secure- held', '__Secure-a=1; Secure; Path=/shop'],
    ['the domain of the server', 'a=1; Domain=app.example', 'https://app.example/'],
    ['a domain above the server', 'a=1; Domain=.App.Example', 'https://my.app.example/'],
    ['4,096 bytes', `a=${'x'.repeat(4095)}`],
    ['SameSite=None with Secure', 'a=1; SameSite=None; Secure'],
  ]
  for (const [why, line, from] of kept) {
    it(`is kept: ${why}`, () => assert.notEqual(fate(line, from), 'dropped'))
  }

  const dropped: [why: string, line: string, from?: string][] = [
    ['Secure from plain http', 'a=1; Secure', 'http://app.example/'],
    ['__Host- without Secure', '__Host-a=1; Path=/'],
    ['__Host- with another path', '__Host-a=1; Secure; Path=/shop'],
    ['__Host- without a path, even at the root', '__Host-a=1; Secure', 'http://localhost/'],
    ['__Host- with a domain', '__Host-a=1; Secure; Path=/; Domain=app.example', 'https://app.example/'],
    ['__Host- in other letters', '__hOST-a=1; Path=/'],
    ['__Host- hidden in the value of a cookie without a name', '=__Host-a=1; Secure; Path=/'],
    ['__Host-Http- without HttpOnly', '__Host-Http-a=1; Secure; Path=/'],
    ['__Host-Http- with another path', '__Host-Http-a=1; Secure; HttpOnly; Path=/shop'],
    ['__Http- without HttpOnly', '__Http-a=1; Secure'],
    ['__Secure- without Secure', '__Secure-a=1'],
    ['a domain of somebody else', 'a=1; Domain=other.example', 'https://app.example/'],
    ['a domain below the server', 'a=1; Domain=my.app.example', 'https://app.example/'],
    ['a domain that only ends alike', 'a=1; Domain=app.example', 'https://myapp.example/'],
    ['a domain for the whole top level', 'a=1; Domain=example', 'https://app.example/'],
    ['a domain that is part of an address', 'a=1; Domain=0.0.1', 'http://127.0.0.1/'],
    ['4,097 bytes', `a=${'x'.repeat(4096)}`],
    ['4,096 letters of two bytes', `a=${'é'.repeat(2048)}`],
    ['SameSite=None without Secure', 'a=1; SameSite=None'],
    ['nothing in it', '; Path=/'],
  ]
  for (const [why, line, from] of dropped) {
    it(`is dropped: ${why}`, () => assert.equal(fate(line, from), 'dropped'))
  }

  it('is not decoded', () => {
    assert.equal(fate('a b="c%20d"'), 'a b="c%20d"')
  })

  it('counts for the folder it came from, unless it names a path that begins with a slash', () => {
    const pathOf = (line: string, from: string): string | undefined => judgeCookie(line, new URL(from), now)?.path
    assert.equal(pathOf('a=1', 'http://localhost/shop/cart'), '/shop')
    assert.equal(pathOf('a=1', 'http://localhost/shop/'), '/shop')
    assert.equal(pathOf('a=1', 'http://localhost/shop'), '/')
    assert.equal(pathOf('a=1; Path=cart', 'http://localhost/shop/'), '/shop')
    assert.equal(pathOf('a=1; Path=/cart', 'http://localhost/shop/'), '/cart')
  })

  it('ends by Max-Age before Expires, and after 400 days at the latest', () => {
    const endOf = (line: string): number | undefined => judgeCookie(line, new URL(here), now)?.expires?.getTime()
    assert.equal(endOf('a=1'), undefined)
    assert.equal(endOf('a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT'), now + 60_000)
    assert.equal(endOf('a=1; Max-Age=-1; Expires=Wed, 02 Jan 2030 00:00:00 GMT'), 0)
    assert.equal(endOf('a=1; Expires=Wed, 02 Jan 2030 00:00:00 GMT'), now + 24 * 60 * 60 * 1000)
    assert.equal(endOf('a=1; Max-Age=999999999'), now + 400 * 24 * 60 * 60 * 1000)
  })
})

describe('a trustworthy server', () => {
  const servers: [url: string, isTrusted: boolean][] = [
    ['https://app.example', true],
    ['http://localhost:3000', true],
    ['http://my.localhost', true],
    ['http://127.0.0.1', true],
    ['http://127.8.9.1', true],
    ['http://[::1]:3000', true],
    ['http://app.example', false],
    ['http://notlocalhost', false],
    ['http://localhost.example', false],
    ['http://128.0.0.1', false],
  ]
  for (const [url, isTrusted] of servers) {
    it(`is ${isTrusted ? '' : 'not '}${url}`, () => assert.equal(isTrustworthy(new URL(url)), isTrusted))
  }
})
