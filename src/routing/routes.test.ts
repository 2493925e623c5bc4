import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalPath } from './path.ts'
import { createRoutes, type Method, type Routes } from './routes.ts'

/** Routes that lead to their own pattern: `GET /a` or, for GET, `/a` alone. */
function routesTo(...patterns: readonly string[]): Routes<string> {
  const routes = createRoutes<string>()
  for (const pattern of patterns) {
    const [first = '', path = first] = pattern.split(' ')
    routes.add(path === first ? 'GET' : (first as Method | 'ANY'), path, pattern) // methods as written in these tests
  }
  return routes
}

function targetOf(routes: Routes<string>, path: string, method = 'GET'): string {
  const match = routes.match(method, path)
  return match.kind === 'found' ? match.target : match.kind
}

function paramsOf(pattern: string, path: string): Record<string, string> | string {
  const match = routesTo(pattern).match('GET', path)
  return match.kind === 'found' ? { ...match.params } : match.kind
}

describe('the parameters of a route', () => {
  it('are the texts of their segments, decoded', () => {
    assert.deepEqual(paramsOf('/orders/:id/items/:item', '/orders/17/items/a%20b%C3%A9'), { id: '17', item: 'a bé' })
  })

  it('hold a slash that was escaped, in one segment', () => {
    assert.deepEqual(paramsOf('/files/:name', '/files/a%2Fb'), { name: 'a/b' })
    assert.equal(paramsOf('/files/:name', '/files/a/b'), 'missing')
  })

  it('are decoded once', () => assert.deepEqual(paramsOf('/:a', '/%252F%252e'), { a: '%2F%2e' }))

  it('need a text', () => {
    for (const path of ['/orders', '/orders/', '/orders//']) assert.equal(paramsOf('/orders/:id', path), 'missing')
  })

  it('may take the rest of the path, or be optional', () => {
    assert.deepEqual(paramsOf('/files/**:path', '/files/a/b%20c'), { path: 'a/b c' })
    assert.deepEqual(paramsOf('/:lang?', '/'), {})
    assert.deepEqual(paramsOf('/:lang?', '/de'), { lang: 'de' })
  })

  it('may have to look like something', () => {
    assert.deepEqual(paramsOf('/:id(\\d+)', '/17'), { id: '17' })
    assert.equal(paramsOf('/:id(\\d+)', '/x'), 'missing')
  })

  it('have no prototype, so that no name is known before it is there', () => {
    for (const pattern of ['/:__proto__', '/a']) {
      const match = routesTo(pattern).match('GET', '/a')
      assert.ok(match.kind === 'found')
      for (const name of ['constructor', 'toString']) assert.equal(match.params[name], undefined)
    }
    assert.deepEqual(Object.entries(paramsOf('/:__proto__', '/x')), [['__proto__', 'x']])
  })
})

describe('a path', () => {
  it('gets to the more specific of two routes, whichever came first', () => {
    for (const patterns of [
      ['/a/new', '/a/:id', '/a/:id(\\d+)', '/a/**', '/**'],
      ['/**', '/a/**', '/a/:id(\\d+)', '/a/:id', '/a/new'],
    ]) {
      const routes = routesTo(...patterns)
      assert.equal(targetOf(routes, '/a/new'), '/a/new')
      assert.equal(targetOf(routes, '/a/17'), '/a/:id(\\d+)')
      assert.equal(targetOf(routes, '/a/old'), '/a/:id')
      assert.equal(targetOf(routes, '/a/b/c'), '/a/**')
      assert.equal(targetOf(routes, '/b'), '/**')
    }
  })

  it('may end with one slash, not with two, and has upper and lower case', () => {
    const routes = routesTo('/admin', '/')
    assert.equal(targetOf(routes, '/admin/'), '/admin')
    for (const path of ['/admin//', '/ADMIN', '/admin/x', '/./admin']) assert.equal(targetOf(routes, path), 'missing')
  })

  it('with two slashes at its beginning gets nowhere, for it is malformed', () => {
    assert.equal(normalPath('//admin'), null)
    assert.equal(targetOf(routesTo('/admin'), '//admin'), 'missing')
  })

  it('spelled with escapes gets to the same route, once it is in normal spelling', () => {
    const routes = routesTo('/admin', '/café', '/@me', '/:a%25b')
    for (const [path, target] of [
      ['/%61dmin', '/admin'],
      ['/caf%c3%a9', '/café'],
      ['/%40me', '/@me'],
      ['/x%25%62', '/:a%25b'],
    ] as const) {
      assert.equal(targetOf(routes, normalPath(path) ?? ''), target)
    }
  })
})

describe('a method', () => {
  const routes = routesTo('GET /a', 'POST /a', 'PUT /b', 'PATCH /b', 'DELETE /b', 'ANY /m/**', 'GET /:any')

  it('gets to its own route', () => {
    assert.equal(targetOf(routes, '/a', 'GET'), 'GET /a')
    assert.equal(targetOf(routes, '/a', 'POST'), 'POST /a')
    assert.equal(targetOf(routes, '/b', 'DELETE'), 'DELETE /b')
  })

  it('HEAD gets to the route of GET', () => {
    assert.equal(targetOf(routes, '/a', 'HEAD'), 'GET /a')
    assert.deepEqual(routesTo('POST /p').match('HEAD', '/p'), { kind: 'method', allow: 'POST, OPTIONS' })
  })

  it('that a path does not know is told exactly which it knows', () => {
    assert.deepEqual(routes.match('DELETE', '/a'), { kind: 'method', allow: 'GET, HEAD, POST, OPTIONS' })
    assert.deepEqual(routes.match('POST', '/x'), { kind: 'method', allow: 'GET, HEAD, OPTIONS' })
    assert.deepEqual(routes.match('OPTIONS', '/a'), { kind: 'method', allow: 'GET, HEAD, POST, OPTIONS' })
    const allow = 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS' // GET by the route /:any
    assert.deepEqual(routes.match('POST', '/b'), { kind: 'method', allow })
  })

  it('of any kind gets to a mount, TRACE to nothing at all', () => {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'PROPFIND']) {
      for (const path of ['/m', '/m/', '/m/x/y']) assert.equal(targetOf(routes, path, method), 'ANY /m/**')
    }
    const allow = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
    assert.deepEqual(routes.match('TRACE', '/m/x'), { kind: 'method', allow })
    assert.equal(targetOf(routes, '/a', 'TRACE'), 'method')
    assert.equal(targetOf(routes, '/no/where', 'TRACE'), 'missing')
  })

  it('with a name that objects have, or in lower case, is none', () => {
    for (const method of ['constructor', '__proto__', 'get', 'patch', 'ANY', '']) {
      assert.equal(targetOf(routesTo('GET /a', 'PATCH /a'), '/a', method), 'method')
    }
  })

  it('finds no path that has no route', () => {
    for (const method of ['GET', 'POST', 'OPTIONS']) assert.equal(targetOf(routes, '/no/where', method), 'missing')
  })
})

describe('two routes for the same method and paths are refused', () => {
  for (const [one, other] of [
    ['/a', '/a'],
    ['/a', '/a/'],
    ['/a/:id', '/a/:name'],
    ['/a/:id', '/a/:id/'],
    ['/a/:id?', '/a/:name?'],
    ['/a/:id(\\d+)', '/a/:number(\\d+)'],
    ['/a/**', '/a/*'],
    ['/a/**:rest', '/a/:path+'],
    ['/café', '/caf%C3%A9'],
    ['/a/../b', '/b'],
    ['/:a/:b', '/:x/:y'],
  ] as const) {
    it(`${one} and ${other}`, () => {
      for (const [first, second] of [
        [one, other],
        [other, one],
      ] as const) {
        const named = second === first ? second : `${second}, which is the same as ${first}`
        assert.throws(() => routesTo(first, second), {
          code: 'routing/duplicate',
          message: `There are two routes for GET ${named}. Remove one of them. [routing/duplicate]`,
        })
      }
    })
  }

  for (const [one, other] of [
    ['GET /a', 'POST /a'],
    ['GET /a', 'ANY /a'],
    ['/a/:id', '/a/new'],
    ['/a/:id(\\d+)', '/a/:id([a-z]+)'],
    ['/a/:id', '/a/:id/edit'],
    ['/a', '/A'],
    ['/a/**', '/a/**:rest'],
  ] as const) {
    it(`not ${one} and ${other}`, () => assert.doesNotThrow(() => routesTo(one, other)))
  }
})

describe('a pattern is refused that', () => {
  const refused: Record<string, readonly [pattern: string, message: RegExp]> = {
    'does not begin with a slash': [
      'orders',
      /^The pattern "orders" does not begin with one slash\. \[routing\/pattern\]$/,
    ],
    'is empty': ['', /"" does not begin/],
    'begins with two slashes': ['//orders', /does not begin with one slash/],
    'has a name that is none': ['/:1', /"\/:1" cannot be read: invalid param name "1"\. \[/],
    'has a name twice': ['/:a/:a', /duplicate param name "a"/],
    'has an open bracket': ['/(', /must close/],
    'has an open group': ['/{a', /unbalanced/],
    'takes the rest twice': ['/**/a/**', /only one/],
    'has a question mark for a query': ['/a?b=1', /misplaced/],
    'has a parameter as Flask writes it': ['/a/<int:id>/<name>', /written with a colon\. Write "\/a\/:id\/:name"\./],
    'has a needless escape': ['/%61dmin', /would match nothing.* Write "\/admin"\./],
    'has an escape in lower case': ['/caf%c3%a9', /Write "\/caf%C3%A9"\./],
    'has a percent sign that escapes nothing': ['/100%', /Write "\/100%25"\./],
  }
  for (const [what, [pattern, message]] of Object.entries(refused)) {
    it(what, () => assert.throws(() => createRoutes().add('GET', pattern, null), { code: 'routing/pattern', message }))
  }

  it('and the cause is kept', () => {
    assert.throws(
      () => createRoutes().add('GET', '/:1', null),
      ({ cause }: Error) => cause instanceof Error && cause.message.startsWith('rou3: '),
    )
  })
})

describe('all routes', () => {
  it('are those that were added, in their order, and none that was refused', () => {
    const routes = routesTo('/b', 'POST /a', 'ANY /m/**')
    assert.throws(() => routes.add('GET', '/b', 'again'))
    assert.deepEqual(routes.all, [
      { method: 'GET', pattern: '/b', target: '/b' },
      { method: 'POST', pattern: '/a', target: 'POST /a' },
      { method: 'ANY', pattern: '/m/**', target: 'ANY /m/**' },
    ])
  })
})
