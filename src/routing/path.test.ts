import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { asAskedFor, decodeSegment, isBelow, normalPath } from './path.ts'
import { createRoutes } from './routes.ts'

describe('a path in normal spelling', () => {
  const spellings = {
    '/': '/',
    '/admin': '/admin',
    '/%61dmin': '/admin',
    '/%61%64%6D%69%6e': '/admin',
    '/a%2fb': '/a%2Fb',
    '/a%2Fb': '/a%2Fb',
    '/caf%c3%a9': '/caf%C3%A9',
    '/%7Euser/%2Dx%5F%2e1': '/~user/-x_.1',
    '/%40me/a%3Ab%3bc%2c%24%26%27%28%29%2a%2B%3D%21%7c%5b%5d': "/@me/a:b;c,$&'()*+=!|[]",
    '/%25%3F%23%20%22%3C%3E%5c%5e%60%7b%7d%7f': '/%25%3F%23%20%22%3C%3E%5C%5E%60%7B%7D%7F',
    '/%252e': '/%252e',
    '/ADMIN': '/ADMIN',
    '/admin/': '/admin/',
    '/a//b': '/a//b',
    '/...%41': '/...A',
  }
  for (const [path, normal] of Object.entries(spellings)) {
    it(`${path} is ${normal}`, () => assert.equal(normalPath(path), normal))
  }

  for (const path of [
    '/%',
    '/%4',
    '/%zz',
    '/a%2',
    '/%ff',
    '/%c3',
    '/%c0%af',
    '/%ed%a0%80',
    '/%00',
    '/a%00b',
    '//',
    '//evil.example/a',
    '//evil.example/%61',
    '/files/..%2fsecret',
    '/files%2f..%2fsecret',
    '/files/x%5C..',
    '/%2e%2e%2fsecret',
    '/.%2Fadmin',
    '/files/%2e.',
  ]) {
    it(`${path} is malformed`, () => assert.equal(normalPath(path), null))
  }

  it('is normal already, and is what an author who writes it out gets', () => {
    const unit = fc.constantFrom(...'/aZ~.é @:%+', '%41', '%2f', '%C3%A9', '%40', '%25', '%7c', '😀')
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const asked = new URL(`http://x/${text}`).pathname
        const normal = normalPath(asked)
        if (normal === null) return
        assert.equal(normalPath(normal), normal)
        assert.equal(asAskedFor(normal), normal)
        assert.equal(decodeSegment(normal), decodeSegment(asked))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a segment', () => {
  it('is decoded once', () => {
    assert.equal(decodeSegment('caf%C3%A9%20%252e'), 'café %2e')
    assert.equal(decodeSegment('a%2Fb'), 'a/b')
    assert.equal(decodeSegment('plain+text'), 'plain+text')
  })

  it('that is not UTF-8 is null', () => {
    for (const bad of ['%ff', '%', '%c3', '%zz']) assert.equal(decodeSegment(bad), null)
  })
})

describe('a path written by hand is asked for', () => {
  const asked = {
    '/bücher': '/b%C3%BCcher',
    '/a b': '/a%20b',
    '/100%': '/100%25',
    '/%61dmin': '/admin',
    '/a%2fb': '/a%2Fb',
    '/@me/a|b': '/@me/a|b',
    '/"<>`{}#?': '/%22%3C%3E%60%7B%7D%23%3F',
    '/\ud800': '/%EF%BF%BD',
  }
  for (const [written, path] of Object.entries(asked)) {
    it(`${JSON.stringify(written)} as ${path}`, () => assert.equal(asAskedFor(written), path))
  }
})

describe('below a prefix lies', () => {
  for (const [path, prefix] of [
    ['/admin', '/admin'],
    ['/admin/', '/admin'],
    ['/admin/x', '/admin'],
    ['/admin//x', '/admin'],
    ['/admin/x', '/admin/'],
    ['/admin', '/admin/'],
    ['/b%C3%BCcher/x', '/bücher'],
    ['/a%20b', '/a b'],
    ['/admin', '/%61dmin'],
    ['/anything', '/'],
    ['/', '/'],
    ['/admin%2Fx', '/admin'],
    ['/admin%5Cx', '/admin'],
    ['/%2Fadmin', '/admin'],
    ['//admin', '/admin'],
  ] as const) {
    it(`${path}, below ${prefix}`, () => assert.equal(isBelow(path, prefix), true))
  }

  for (const [path, prefix] of [
    ['/administrator', '/admin'],
    ['/admin.html', '/admin'],
    ['/adm', '/admin'],
    ['/', '/admin'],
    ['/x/admin', '/admin'],
    ['/ADMIN', '/admin'],
    ['/admin%20x', '/admin'],
    ['/a', '/a/b'],
  ] as const) {
    it(`not ${path}, below ${prefix}`, () => assert.equal(isBelow(path, prefix), false))
  }
})

describe('no spelling of a path gets to a route and past its guard', () => {
  const prefixes = ['/admin', '/bücher', '/@me', '/a b', '/a|b', '/x/y']
  for (const prefix of prefixes) {
    it(prefix, () => {
      const routes = createRoutes<string>()
      routes.add('GET', prefix, 'guarded')
      routes.add('GET', `${prefix}/:id`, 'guarded')
      routes.add('GET', `${prefix}/**:rest`, 'guarded')
      routes.add('GET', '/:a', 'open')
      routes.add('GET', '/:a/:b', 'open')
      routes.add('GET', '/**', 'open')
      let guarded = 0
      fc.assert(
        fc.property(spellingsOf(`${prefix}/7`), (spelling) => {
          const path = normalPath(new URL(`http://app.example${spelling}`).pathname)
          if (path === null) return
          const match = routes.match('GET', path)
          assert.equal(match.kind, 'found')
          if (match.kind !== 'found') return
          const below = isBelow(path, prefix)
          if (match.target === 'guarded') {
            guarded++
            assert.equal(below, true, spelling)
          }
          // What a handler of every path makes of its parameters lies below the guard too.
          const meant = `/${Object.values(match.params).join('/')}`.replace(/[/\\]+/g, '/')
          if (meant.startsWith(`${prefix}/`)) assert.equal(below, true, spelling)
        }),
        { numRuns: 1500 },
      )
      assert.ok(guarded > 100, `only ${guarded} spellings got to the route`)
    })
  }

  /** A path with some characters escaped, some slashes doubled or escaped, and dot segments put in. */
  function spellingsOf(path: string): fc.Arbitrary<string> {
    const spelled = [...path].map((character) => {
      const escaped = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
      if (character !== '/')
        return fc.oneof(
          { weight: 6, arbitrary: fc.constant(character) },
          fc.constantFrom(escaped, escaped.toUpperCase(), character.toUpperCase()),
        )
      const slashes = fc.constantFrom('//', '/./', '/x/../', '/%2e/', '/%2E%2e/', '%2f', '\\', '%5c')
      return fc.oneof({ weight: 12, arbitrary: fc.constant('/') }, slashes)
    })
    const ends = fc.constantFrom('', '', '/', '//', '/.', '/x/..', '?', '%2F', '/8')
    return fc.tuple(...spelled, ends).map((parts) => `/${parts.join('').replace(/^[/\\]/, '')}`)
  }
})
