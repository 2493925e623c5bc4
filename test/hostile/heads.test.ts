/** Headers: how many, how large, and what is in them. */
import assert from 'node:assert/strict'
import type { Outcome } from './exchange.ts'
import { fields, get, head, post, send, urlencoded, utf8 } from './requests.ts'
import { row, table } from './table.ts'

table('a head', [
  row('of 16 KiB and more is refused', get('/health', `X-A: ${'x'.repeat(17_000)}`), [400, 431]),
  row(
    'of many small headers above 16 KiB is refused',
    get('/health', ...Array<string>(1500).fill('X-A: 123456789')),
    [400, 431],
  ),
  row('of 1,500 tiny headers is read', get('/health', ...Array<string>(1500).fill('A: b')), [200, 400, 431]),
  row('with a name of 17,000 characters is refused', get('/health', `${'X'.repeat(17_000)}: 1`), [400, 431]),
  row('with a name of 8,000 characters is read', get('/health', `${'X'.repeat(8_000)}: 1`), 200),
  row(
    'that never ends is refused',
    `GET /health HTTP/1.1\r\nHost: localhost\r\n${'X-A: 123456789\r\n'.repeat(5_000)}`,
    [400, 431],
  ),
  row(
    'with the names that objects have is read',
    get('/health', '__proto__: x', 'constructor: y', 'toString: z', 'hasOwnProperty: 1'),
    200,
  ),
  row('with bytes beyond ASCII in a value is read', get('/me', 'User-Agent: \xff\xfe\x80'), 200),
  row(
    'with a thousand ranges in Accept is read',
    get('/nowhere', `Accept: ${'application/json;q=0.1,'.repeat(650)}*/*`),
    404,
  ),
  row('with twelve thousand quotes in Accept is read', get('/nowhere', `Accept: ${'"'.repeat(12_000)}`), 404),
  row(
    'with a flood of parameters in its Content-Type is read',
    post('/typed', `${urlencoded};${';a="'.repeat(3_000)}`, 'user='),
    [400, 415, 422],
  ),
  row(
    'with a flood of backslashes in its Content-Type is read',
    post('/typed', `${urlencoded};a="${'\\'.repeat(12_000)}`, 'user='),
    [400, 415, 422],
  ),
  row(
    'with addresses of proxies nobody named is read',
    get(
      '/me',
      `X-Forwarded-For: ${'1.2.3.4, '.repeat(1000)}`,
      'X-Forwarded-Proto: gopher',
      'X-Forwarded-Host: a b',
      'Forwarded: for="_x',
    ),
    200,
    { keepsBack: /^set-cookie/im },
  ),
])

const back: readonly string[] = [
  'https://evil.example/',
  'http://localhost.evil.example/',
  'http://localhost@evil.example/',
  'http://localhost//evil.example',
  'http://localhost/\\evil.example',
  'http://localhost/%5c/evil.example',
  'http://localhost/.//evil.example',
  'https://localhost/me',
  'http://localhost:81/me',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  '//evil.example',
  '/me',
  'null',
  '',
  `http://localhost/${'x'.repeat(12_000)}`,
  utf8('http://localhost/ünï'),
]

table('a way back', [
  ...back.map((referer) =>
    row(
      `from ${JSON.stringify(referer.slice(0, 40))} stays in the app`,
      fields('/back', '', `Referer: ${referer}`),
      303,
      {
        judge({ text }) {
          const location = /^location: (.*)\r$/im.exec(text)?.[1] ?? ''
          assert.match(location, /^\/(?![/\\])[!-~]*$/)
          assert.equal(new URL(location, 'http://localhost').origin, 'http://localhost')
        },
      },
    ),
  ),
])

type Forge = (cookie: string) => string

/** Cookies that are no session, made from one that is. */
const forged: readonly (readonly [fact: string, forge: Forge])[] = [
  ['that is empty', () => 'session='],
  ['that is noise', () => 'session=!!!'],
  ['that is cut short by one', (cookie) => cookie.slice(0, -1)],
  ['that is cut in half', (cookie) => cookie.slice(0, cookie.length / 2)],
  ['with a character changed at its end', (cookie) => cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
  ['with a character changed in its middle', (cookie) => changedAt(cookie, Math.floor(cookie.length / 2))],
  ['with a character changed at its beginning', (cookie) => changedAt(cookie, 'session='.length)],
  ['with a character more', (cookie) => `${cookie}A`],
  ['with padding', (cookie) => `${cookie}==`],
  ['with an escape', (cookie) => cookie.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}0`)],
  ['in quotes', (cookie) => cookie.replace('session=', 'session="').concat('"')],
  ['under another name', (cookie) => cookie.replace('session=', '__Host-Http-session=')],
  ['under a name in capitals', (cookie) => cookie.replace('session', 'SESSION')],
  ['behind an empty one', (cookie) => `session=; ${cookie}`],
  ['behind a forged one', (cookie) => `session=x; ${cookie}`],
  ['twice as long', (cookie) => cookie + cookie.slice('session='.length)],
  ['with a space in its name', (cookie) => cookie.replace('session', 'ses sion')],
  ['of 8 KiB', () => `session=${'A'.repeat(8192)}`],
  ['of nothing but dots', () => `session=${'.'.repeat(1000)}`],
  ['that is JSON', () => 'session={"user":"admin"}'],
  ['that another framework signed', () => 'session=eyJ1c2VyIjoiYWRtaW4ifQ.ZvXk1w.1N2Yx8l0m4gk6dY2m3Vq0n5bQxE'],
  ['that says it needs no signature', () => 'session=eyJhbGciOiJub25lIn0.eyJ1c2VyIjoiYWRtaW4ifQ.'],
  ['with bytes that are not UTF-8', () => 'session=\xff\xfe'],
  ['with the names that objects have', () => '__proto__=session; constructor=x; session=__proto__'],
]

function changedAt(cookie: string, at: number): string {
  return cookie.slice(0, at) + (cookie[at] === 'A' ? 'B' : 'A') + cookie.slice(at + 1)
}

/** What a visitor without a session gets: nothing about the cookie can be told from it. */
function assertStranger({ text }: Outcome): void {
  assert.match(text, /\r\n\r\n\{"user":null,"id":null\}$/)
  const names = text
    .split('\r\n\r\n')[0]
    ?.toLowerCase()
    .match(/^[a-z-]+(?=:)/gm)
  assert.deepEqual(names?.sort(), [
    'cache-control',
    'connection',
    'content-length',
    'content-type',
    'date',
    'vary',
    'x-content-type-options',
  ])
}

table('a session cookie', [
  row('that is none at all is no session', get('/me'), 200, { judge: assertStranger }),
  row('that is ours is a session', ({ cookie }) => get('/session', `Cookie: ${cookie}`), 200, {
    says: /\r\n\r\n\{"loot":"1"\}$/,
  }),
  ...forged.map(([fact, forge]) =>
    row(`${fact} is no session`, ({ cookie }) => get('/me', `Cookie: ${forge(cookie)}`), 200, {
      judge: assertStranger,
    }),
  ),
  row('that is forged does not hinder a form', send('/typed', urlencoded, 'user=Ada', 'Cookie: session=x'), 200),
  row('that is forged is not taken back', get('/has', 'Cookie: session=x'), 200, { keepsBack: /^set-cookie/im }),
])

table('cookies', [
  row('ten thousand of them are refused', get('/me', `Cookie: ${'a=1;'.repeat(10_000)}`), [400, 431]),
  row('five thousand of them are read', get('/me', `Cookie: ${'a=;'.repeat(5_000)}`), 200, { judge: assertStranger }),
  row('in a hundred headers are read, or too many', get('/me', ...Array<string>(100).fill('Cookie: a=1')), [200, 431]),
  row('without an equals sign are none', get('/me', `Cookie: ${'a'.repeat(15_000)}`), 200, { judge: assertStranger }),
  row('of nothing but semicolons are none', get('/me', `Cookie: ${';'.repeat(15_000)}`), 200, {
    judge: assertStranger,
  }),
  row('of nothing but percent signs are read', get('/me', `Cookie: a=${'%'.repeat(15_000)}`), 200, {
    judge: assertStranger,
  }),
  row('with a line end in them are refused', get('/me', 'Cookie: a=1\nX: session=x'), 400),
])

const pages: readonly string[] = [
  '/health',
  '/public',
  '/form',
  '/typed',
  '/login',
  '/me',
  '/session',
  '/has',
  '/size',
  '/refresh',
  '/flash',
  '/upload',
  '/hello',
  '/count',
  '/static/plain.txt',
]
const posts: readonly string[] = [
  '/pay',
  '/echo',
  '/logout',
  '/put',
  '/append',
  '/increment',
  '/clear',
  '/back',
  '/hook',
]

table('a method', [
  ...pages.map((path) =>
    row(`HEAD of ${path} has the head of GET and no body`, head(`HEAD ${path} HTTP/1.1`), 200, {
      says: /\r\n\r\n$/,
      judge: ({ text }) => assert.match(text, /^content-length: |^transfer-encoding: chunked/im),
    }),
  ),
  ...pages.map((path) =>
    row(`OPTIONS of ${path} says what there is`, head(`OPTIONS ${path} HTTP/1.1`), [204, 404, 405]),
  ),
  ...posts.map((path) => row(`GET of ${path} is not allowed`, get(path), 405, { says: /^allow: POST, OPTIONS\r$/im })),
  ...posts.map((path) =>
    row(`HEAD of ${path} is not allowed and has no body`, head(`HEAD ${path} HTTP/1.1`), 405, { says: /\r\n\r\n$/ }),
  ),
  ...posts.map((path) =>
    row(
      `OPTIONS of ${path} does nothing`,
      head(`OPTIONS ${path} HTTP/1.1`, `Content-Type: ${urlencoded}`, 'Content-Length: 8').concat('amount=5'),
      204,
      { says: /^allow: POST, OPTIONS\r$/im },
    ),
  ),
  ...['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'SEARCH', 'QUERY', 'PURGE', 'LINK'].map((method) =>
    row(
      `${method} of /pay is not allowed`,
      head(
        `${method} /pay HTTP/1.1`,
        `Content-Type: ${urlencoded}`,
        'Content-Length: 8',
        'Sec-Fetch-Site: same-origin',
      ).concat('amount=5'),
      [400, 405],
      { keepsBack: /amount=5/ },
    ),
  ),
  ...[
    'BREW',
    'get',
    'Post',
    'GETX',
    'G',
    'GET/x',
    '__proto__',
    'POST\0',
    'POST\t',
    'x'.repeat(9_000),
    '"GET"',
    'GET,POST',
  ].map((method) =>
    row(
      `${JSON.stringify(method.slice(0, 20))} is refused`,
      head(`${method} /pay HTTP/1.1`, 'Content-Length: 0'),
      [400, 405, 431],
    ),
  ),
  row(
    'TRACE of a page does not say the request again',
    head('TRACE /health HTTP/1.1', 'Cookie: session=private-words'),
    [400, 405],
    { keepsBack: /private-words/ },
  ),
  row('TRACE of everything is refused', head('TRACE * HTTP/1.1'), [400, 405]),
  row(
    'CONNECT opens no tunnel',
    'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
    [0, 400, 405, 501],
    {
      quietMs: 300,
    },
  ),
  row('CONNECT to a path opens no tunnel', head('CONNECT /admin/x HTTP/1.1'), [0, 400, 403, 404, 405, 501], {
    quietMs: 300,
  }),
  row('OPTIONS of everything is answered without a path', head('OPTIONS * HTTP/1.1'), [200, 204]),
  row('OPTIONS of a path that is not there is 404', head('OPTIONS /nowhere HTTP/1.1'), [204, 404]),
  row('POST of a page that is only shown is not allowed', fields('/me', 'a=1'), 405, {
    says: /^allow: GET, HEAD, OPTIONS\r$/im,
  }),
])

const ranges: readonly string[] = [
  'bytes=0-0',
  'bytes=5-1',
  'bytes=-0',
  'bytes=-99999999999999999999',
  'bytes=99999999999999999999-',
  'bytes=0-18446744073709551615',
  'bytes=18446744073709551615-18446744073709551616',
  'bytes=-',
  'bytes=',
  'bytes=a-b',
  'bytes=0x0-0x5',
  'bytes=0-1,',
  'bytes=--1',
  'bytes=1.5-2',
  'bytes 0-1',
  'items=0-1',
  'bytes=0-1;q=1',
  `bytes=${'0-,'.repeat(3_000)}0-`,
  `bytes=${'0-0,'.repeat(3_000)}1-1`,
  `bytes=${'-1,'.repeat(3_000)}-1`,
  `bytes=0-${'9'.repeat(10_000)}`,
  'bytes=0-5,3-8,1-20,0-20',
  'bytes=\xff-',
  `bytes=${' '.repeat(10_000)}0-1`,
]

function short({ text }: Outcome): void {
  assert.ok(text.length < 2_000, `${text.length} bytes came back.`)
}

table('a range', [
  ...ranges.map((range) =>
    row(
      `${JSON.stringify(range.slice(0, 30))} of a download brings no more than the file`,
      ({ download }) => get(download, `Range: ${range}`),
      [200, 206, 400, 416],
      { judge: short },
    ),
  ),
  ...ranges.map((range) =>
    row(
      `${JSON.stringify(range.slice(0, 30))} of a static file brings no more than the file`,
      get('/static/plain.txt', `Range: ${range}`),
      [200, 206, 400, 416],
      { judge: short },
    ),
  ),
  row('that is none brings the whole, to be saved and not to be shown', ({ download }) => get(download), 200, {
    says: /^x-content-type-options: nosniff\r$.*twenty bytes of text$/ims,
    judge: ({ text }) => assert.match(text, /^content-disposition: attachment; filename="?loot\.txt/im),
  }),
  row(
    'of what was changed meanwhile brings the whole',
    get('/static/plain.txt', 'Range: bytes=0-0', 'If-Range: "nonsense"'),
    200,
  ),
  row('of a page is passed over', get('/public', 'Range: bytes=0-0'), [200, 206]),
  row(
    'said in two headers brings no more than the file',
    get('/static/plain.txt', 'Range: bytes=0-1', 'Range: bytes=2-3'),
    [200, 206, 400, 416],
    { judge: short },
  ),
])

table('a condition', [
  row('of seven thousand tags is read', get('/public', `If-None-Match: ${'"",'.repeat(5_000)}""`), 200),
  row('of nothing but quotes is read', get('/public', `If-None-Match: ${'"'.repeat(15_000)}`), 200),
  row('of weak marks without end is read', get('/static/plain.txt', `If-None-Match: ${'W/'.repeat(7_000)}`), 200),
  row('of a star is met by what is there', get('/static/plain.txt', 'If-None-Match: *'), [200, 304]),
  row('of a star is met by no page that is not there', get('/static/nothing', 'If-None-Match: *'), 404),
  row('of a date that is none is passed over', get('/static/plain.txt', 'If-Modified-Since: yesterday'), 200),
  row(
    'of a date beyond all time is read',
    get('/static/plain.txt', `If-Modified-Since: ${'9'.repeat(10_000)}`),
    [200, 304],
  ),
  row('does not show a page of somebody else', get('/me', 'If-None-Match: *', 'If-Match: x'), [200, 304, 412]),
  row(
    'does not keep a form from being refused',
    fields('/typed', 'user=', 'If-None-Match: *', 'If-Match: "x"', 'If-Unmodified-Since: x'),
    [412, 422],
  ),
])
