import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Jar, type SameSiteContext } from './jar.ts'

const start = Date.UTC(2030, 0)

/** A jar after the server at `url` set these cookies. */
function jarWith(url: string, ...lines: string[]): Jar {
  const jar = new Jar(() => start)
  jar.keep(lines, new URL(url))
  return jar
}

function sent(jar: Jar, url: string, context: SameSiteContext = 'strict'): string | undefined {
  return jar.headerFor(new URL(url), context)
}

describe('a cookie', () => {
  it('goes to its path and below, not to a longer name', () => {
    const jar = jarWith('http://localhost/', 'a=1; Path=/shop')
    assert.equal(sent(jar, 'http://localhost/shop'), 'a=1')
    assert.equal(sent(jar, 'http://localhost/shop/cart'), 'a=1')
    assert.equal(sent(jar, 'http://localhost/shopping'), undefined)
    assert.equal(sent(jar, 'http://localhost/'), undefined)
  })

  it('goes to its own host alone, unless it names a domain', () => {
    const jar = jarWith('https://app.example/', 'own=1', 'all=1; Domain=app.example')
    assert.equal(sent(jar, 'https://app.example/'), 'own=1; all=1')
    assert.equal(sent(jar, 'https://my.app.example/'), 'all=1')
    assert.equal(sent(jar, 'https://myapp.example/'), undefined)
  })

  it('goes to every port of its host', () => {
    assert.equal(sent(jarWith('http://localhost:3000/', 'a=1'), 'http://localhost:4000/'), 'a=1')
  })

  it('goes to https and to http on this machine when it is secure', () => {
    const jar = jarWith('https://app.example/', 'open=1', 'safe=1; Secure')
    assert.equal(sent(jar, 'https://app.example/'), 'open=1; safe=1')
    assert.equal(sent(jar, 'http://app.example/'), 'open=1')
    assert.equal(
      sent(jarWith('http://localhost/', '__Host-safe=1; Secure; Path=/'), 'http://localhost/'),
      '__Host-safe=1',
    )
  })

  it('goes along from another site as its SameSite allows', () => {
    const jar = jarWith('http://localhost/', 'n=1; SameSite=None; Secure', 'l=1; SameSite=Lax', 's=1; SameSite=Strict')
    assert.equal(sent(jar, 'http://localhost/', 'strict'), 'n=1; l=1; s=1')
    assert.equal(sent(jar, 'http://localhost/', 'lax'), 'n=1; l=1')
    assert.equal(sent(jar, 'http://localhost/', 'none'), 'n=1')
  })

  it('goes along with a POST from another site for two minutes when it says nothing of SameSite', () => {
    let now = start
    const jar = new Jar(() => now)
    jar.keep(['a=1'], new URL('http://localhost/'))
    now += 2 * 60 * 1000 - 1
    assert.equal(sent(jar, 'http://localhost/', 'none'), 'a=1')
    now += 1
    assert.equal(sent(jar, 'http://localhost/', 'none'), undefined)
    assert.equal(sent(jar, 'http://localhost/', 'lax'), 'a=1')
  })
})

describe('the jar', () => {
  it('sends longer paths first, then older cookies', () => {
    const jar = jarWith(
      'http://localhost/a/b',
      'first=1; Path=/',
      'deep=1; Path=/a',
      'second=1; Path=/',
      'first=2; Path=/',
    )
    assert.equal(sent(jar, 'http://localhost/a/b'), 'deep=1; first=2; second=1')
  })

  it('keeps one cookie for each name, domain and path', () => {
    const jar = jarWith('http://localhost/a/', 'a=1; Path=/', 'a=2; Path=/', 'a=3; Path=/a')
    assert.equal(sent(jar, 'http://localhost/a/'), 'a=3; a=2')
    assert.equal(jar.get('a')?.value, '3')
    assert.deepEqual(jar.names, ['a', 'a'])
  })

  it('loses a cookie that is set again with a time in the past', () => {
    for (const end of ['Max-Age=0', 'Max-Age=-1', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT']) {
      const jar = jarWith('http://localhost/', 'a=1; Path=/')
      jar.keep([`a=; Path=/; ${end}`], new URL('http://localhost/'))
      assert.equal(jar.get('a'), undefined)
    }
  })

  it('does not lose a cookie of another path', () => {
    const jar = jarWith('http://localhost/', 'a=1; Path=/shop')
    jar.keep(['a=; Path=/; Max-Age=0'], new URL('http://localhost/'))
    assert.equal(jar.get('a')?.value, '1')
  })
})
