/** Where a request begins and ends.  RFC 9112 */
import assert from 'node:assert/strict'
import type { Outcome } from './exchange.ts'
import { chunked, fields, get, head, post, urlencoded } from './requests.ts'
import { row, table } from './table.ts'

/** A payment with these framing headers. Whoever takes it does something, and the count shows it. */
function pay(body: string, ...headers: readonly string[]): string {
  return head('POST /pay HTTP/1.1', `Content-Type: ${urlencoded}`, 'Sec-Fetch-Site: same-origin', ...headers) + body
}

/** A request whose headers stand there as they are. */
function bare(text: string): string {
  return `GET /health HTTP/1.1\r\nHost: localhost\r\n${text}\r\nConnection: close\r\n\r\n`
}

function answers(...statuses: readonly number[]): (outcome: Outcome) => void {
  return (outcome) => assert.deepEqual(outcome.statuses, statuses)
}

const smuggled = 'GET /admin/x HTTP/1.1\r\nHost: localhost\r\nX: '

table('a length', [
  row(
    'and chunks at once are refused',
    pay(`0\r\n\r\n${smuggled}`, 'Content-Length: 8', 'Transfer-Encoding: chunked'),
    400,
    { judge: answers(400) },
  ),
  row('after chunks is refused', pay(`0\r\n\r\n${smuggled}`, 'Transfer-Encoding: chunked', 'Content-Length: 8'), 400, {
    judge: answers(400),
  }),
  row('that is said twice and differs is refused', pay('amount=5', 'Content-Length: 8', 'Content-Length: 7'), 400),
  row('that is said twice and is the same is refused', pay('amount=5', 'Content-Length: 8', 'Content-Length: 8'), 400),
  row('that is a list is refused', pay('amount=5', 'Content-Length: 8, 8'), 400),
  row('below zero is refused', pay('amount=5', 'Content-Length: -8'), 400),
  row('with a plus is refused', pay('amount=5', 'Content-Length: +8'), 400),
  row('in hexadecimal is refused', pay('amount=5', 'Content-Length: 0x8'), 400),
  row('with a fraction is refused', pay('amount=5', 'Content-Length: 8.0'), 400),
  row('with a space inside is refused', pay('amount=5', 'Content-Length: 8 8'), 400),
  row('that is empty is refused', pay('amount=5', 'Content-Length:'), 400),
  row('beyond 64 bits is refused', pay('amount=5', 'Content-Length: 18446744073709551624'), 400),
  row(
    'of a GET is read past, not as a request',
    get('/health', `Content-Length: ${smuggled.length}`).concat(smuggled),
    200,
    {
      judge: answers(200),
    },
  ),
  row(
    'that is more than what comes does nothing when the client leaves',
    pay('amount=5', 'Content-Length: 80'),
    [0, 400],
    { leaves: true },
  ),
])

table('a transfer coding', [
  row('that is unknown is refused', pay('amount=5', 'Transfer-Encoding: xchunked'), [400, 415, 501]),
  row('that is not chunked at its end is refused', pay('amount=5', 'Transfer-Encoding: chunked, identity'), 400),
  row('identity is refused', pay('amount=5', 'Transfer-Encoding: identity'), [400, 415, 501]),
  row(
    'gzip before chunked is refused',
    pay('8\r\namount=0\r\n0\r\n\r\n', 'Transfer-Encoding: gzip, chunked'),
    [400, 415, 501],
  ),
  row(
    'said twice is refused',
    pay('8\r\namount=0\r\n0\r\n\r\n', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
    400,
  ),
  row('chunked, chunked is refused', pay('8\r\namount=0\r\n0\r\n\r\n', 'Transfer-Encoding: chunked, chunked'), 400),
  row('behind a vertical tab is refused', pay('8\r\namount=0\r\n0\r\n\r\n', 'Transfer-Encoding: \x0bchunked'), 400),
  row(
    'with a space before its colon is refused',
    pay('8\r\namount=0\r\n0\r\n\r\n', 'Transfer-Encoding : chunked'),
    400,
  ),
  row('in quotes is refused', pay('8\r\namount=0\r\n0\r\n\r\n', 'Transfer-Encoding: "chunked"'), [400, 415, 501]),
  row(
    'in HTTP/1.0 is refused',
    `POST /pay HTTP/1.0\r\nHost: localhost\r\nContent-Type: ${urlencoded}\r\nTransfer-Encoding: chunked\r\n\r\n8\r\namount=0\r\n0\r\n\r\n`,
    400,
  ),
  row('in capitals is still chunked', pay('8\r\namount=0\r\n0\r\n\r\n', 'Transfer-Encoding: CHUNKED'), [400, 422]),
])

table('a chunk', [
  row('without a number is refused', chunked('/pay', 'zz\r\namount=5\r\n0\r\n\r\n'), 400),
  row('with a negative size is refused', chunked('/pay', '-8\r\namount=5\r\n0\r\n\r\n'), 400),
  row('with 0x is refused', chunked('/pay', '0x8\r\namount=5\r\n0\r\n\r\n'), 400),
  row('with a space before its size is refused', chunked('/pay', ' 8\r\namount=5\r\n0\r\n\r\n'), 400),
  row('with a size beyond 64 bits is refused', chunked('/pay', 'FFFFFFFFFFFFFFFFF\r\namount=5\r\n0\r\n\r\n'), 400),
  row('longer than its size is refused', chunked('/pay', '7\r\namount=5\r\n0\r\n\r\n'), 400),
  row('shorter than its size is refused', chunked('/pay', '9\r\namount=5\r\n0\r\n\r\n'), [0, 400], { leaves: true }),
  row('with LF for CRLF is refused', chunked('/pay', '8\namount=5\n0\n\n'), 400),
  row('with CR alone is refused', chunked('/pay', '8\ramount=5\r0\r\r'), 400),
  row('with an empty size is refused', chunked('/pay', '\r\namount=5\r\n0\r\n\r\n'), 400),
  row('that is the last one and missing does nothing', chunked('/pay', '8\r\namount=5\r\n'), [0, 400], {
    leaves: true,
  }),
  row(
    'with an extension of 20 KiB is refused',
    chunked('/pay', `8;${'x'.repeat(20_000)}\r\namount=5\r\n0\r\n\r\n`),
    [400, 413, 431],
  ),
  row('with an unclosed quote in its extension is refused', chunked('/pay', '8;a="b\r\namount=5\r\n0\r\n\r\n'), 400),
  row('with a short extension is read', chunked('/pay', '8;a=b\r\namount=0\r\n0\r\n\r\n'), [400, 422]),
  row(
    'of nothing in a hundred thousand pieces is refused or read as one',
    chunked('/typed', `${'1\r\n+\r\n'.repeat(100_000)}0\r\n\r\n`),
    [413, 422],
  ),
  row(
    'is followed by trailers that are no headers',
    chunked('/pay', '8\r\namount=0\r\n0\r\nContent-Length: 99\r\nHost: evil.example\r\n\r\n'),
    [400, 422],
  ),
  row(
    'is followed by 20 KiB of trailers and refused',
    chunked('/pay', `8\r\namount=0\r\n0\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
    [0, 400, 413, 422, 431],
  ),
])

table('a line', [
  row(
    'of the head that ends with LF alone is refused',
    'GET /health HTTP/1.1\r\nHost: localhost\nX-A: 1\r\nConnection: close\r\n\r\n',
    400,
  ),
  row(
    'of a request with LF everywhere is refused',
    'GET /health HTTP/1.1\nHost: localhost\nConnection: close\n\n',
    400,
  ),
  row('with CR alone in a value is refused', bare('X-A: 1\rX-B: 2'), 400),
  row('that goes on in the next one is refused', bare('X-A: 1\r\n 2'), 400),
  row('that goes on with a tab is refused', bare('X-A: 1\r\n\t2'), 400),
  row('with a space before the colon is refused', bare('X-A : 1'), 400),
  row(
    'with a space before the first header is refused',
    'GET /health HTTP/1.1\r\n Host: localhost\r\nConnection: close\r\n\r\n',
    400,
  ),
  row('without a colon is refused', bare('X-A'), 400),
  row('without a name is refused', bare(': 1'), 400),
  row('with NUL in its name is refused', bare('X\0A: 1'), 400),
  row('with NUL in its value is refused', bare('X-A: 1\0'), 400),
  row('with a bell in its value is refused', bare('X-A: \x07'), 400),
  row('with a letter beyond ASCII in its name is refused', bare('Ünï: 1'), 400),
  row('with a bracket in its name is refused', bare('X(A): 1'), 400),
  row('that is empty may stand before a request', `\r\n${get('/health')}`, 200),
  row('that is empty a thousand times is no request', '\r\n'.repeat(1000), 0, { quietMs: 200 }),
  row('with three words too many is refused', get('/health x y'), 400),
  row('with two spaces before its target is refused', head('GET  /health HTTP/1.1'), [400, 200]),
  row('with a tab for a space is refused', head('GET\t/health\tHTTP/1.1'), 400),
])

table('a host', [
  row('that is missing is refused', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400),
  row('that is said twice is refused', get('/health', 'Host: localhost'), 400),
  row('that is said twice and differs is refused', get('/health', 'Host: evil.example'), 400),
  ...[
    '',
    'localhost/admin/x',
    'evil.example@localhost',
    'localhost, evil.example',
    'localhost:x',
    'localhost:99999',
    '[::1',
    'a b',
    '<script>',
    '%6cocalhost',
    'localhost#',
    '1.2.3.4.5',
  ].map((host) =>
    row(
      `${JSON.stringify(host)} is refused`,
      `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      400,
    ),
  ),
  row('in the target that differs is refused', get('http://evil.example/health'), 400),
  row('in the target with a user is refused', get('http://evil.example@localhost/health'), 400),
  row('in the target with another scheme is refused', get('ftp://localhost/health'), 400),
  row('in the target without slashes is refused', get('http:health'), 400),
  row('in the target that is empty is refused', get('http:///health'), 400),
  row('alone as a target is refused', get('localhost:80'), 400),
])

table('a version', [
  row('0.9 has no answer with a page', 'GET /health\r\n\r\n', [0, 400, 505], { keepsBack: /ok$/ }),
  row('1.0 needs no host', 'GET /health HTTP/1.0\r\n\r\n', 200),
  ...[
    'HTTP/1.2',
    'HTTP/2.0',
    'HTTP/3.0',
    'HTTP/9.9',
    'HTTP/11.1',
    'HTTP/1.',
    'HTTP/1',
    'http/1.1',
    'HTTP/1.1x',
    'HTTPS/1.1',
    'ICE/1.0',
    '',
  ].map((version) => row(`${JSON.stringify(version)} is refused`, head(`GET /health ${version}`), [0, 400, 505])),
  row('2 begins with a preface that is refused', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [0, 400]),
  row('of TLS is refused', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [0, 400]),
  row('of nothing but noise is refused', '\x00\xff\x80\x01'.repeat(256), [0, 400]),
  row('of SSH is refused', 'SSH-2.0-OpenSSH_9.6\r\n', [0, 400]),
  row(
    'of the websocket is not changed to',
    get(
      '/health',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ),
    [200, 400, 426],
    { quietMs: 200 },
  ),
  row(
    'of HTTP/2 in plain text is not changed to',
    get('/health', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'),
    [200, 400],
    { quietMs: 200 },
  ),
])

/** Requests one behind the other; the last one closes. */
function alive(target: string): string {
  return get(target, 'Connection: keep-alive')
}

const inBody = get('/admin/x', 'X-A: 1')

table('requests one behind another', [
  row('are answered in order', alive('/health').repeat(99) + get('/count'), 200, {
    judge: answers(...Array<number>(100).fill(200)),
    says: /\r\n\r\n0$/,
  }),
  row(
    'stop at the first that is malformed',
    alive('/health') + get('/health', 'X A: 1') + get('/count'),
    [200, 400], // Node may refuse before the answer to the request before has left
    { judge: ({ statuses }) => assert.ok(['200', '400', '200,400'].includes(String(statuses)), String(statuses)) },
  ),
  row('do not go on behind one that is malformed', get('/health', 'X A: 1') + get('/count'), 400, {
    judge: answers(400),
  }),
  row('are not found in a body', fields('/echo', inBody), 200, { judge: answers(200) }),
  row('are not found in chunks', chunked('/echo', `${inBody.length.toString(16)}\r\n${inBody}\r\n0\r\n\r\n`), 200, {
    judge: answers(200),
  }),
  row(
    'are not found in a body that is refused by its origin',
    head(
      'POST /pay HTTP/1.1',
      'Connection: keep-alive',
      'Sec-Fetch-Site: cross-site',
      `Content-Length: ${inBody.length}`,
    ) +
      inBody +
      get('/health'),
    403,
    { judge: ({ statuses }) => assert.ok(['403', '403,200'].includes(String(statuses)), String(statuses)) },
  ),
  row(
    'are not found in a body that is refused by its type',
    post('/pay', 'text/plain', inBody, 'Connection: keep-alive') + get('/health'),
    415,
    { judge: ({ statuses }) => assert.ok(['415', '415,200'].includes(String(statuses)), String(statuses)) },
  ),
  row(
    'are not found in a body that is too large',
    fields('/echo', 'GET /admin/x HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(30_000), 'Connection: keep-alive'),
    413,
    { judge: answers(413), quietMs: 300 },
  ),
  row(
    'are not found in the body of a path that is not there',
    post('/nowhere', 'text/plain', inBody, 'Connection: keep-alive') + get('/health'),
    404,
    { judge: ({ statuses }) => assert.ok(['404', '404,200'].includes(String(statuses)), String(statuses)) },
  ),
  row('are not shifted by a HEAD', head('HEAD /public HTTP/1.1', 'Connection: keep-alive') + get('/count'), 200, {
    judge: answers(200, 200),
    says: /\r\n\r\n0$/,
  }),
  row(
    'are not shifted by a 304',
    get('/public', 'If-None-Match: *', 'Connection: keep-alive') + get('/count'),
    [200, 304],
    { says: /\r\n\r\n0$/ },
  ),
  row('are not shifted by a 204', head('OPTIONS /public HTTP/1.1', 'Connection: keep-alive') + get('/count'), 204, {
    judge: answers(204, 200),
    says: /\r\n\r\n0$/,
  }),
])

table('an expectation', [
  row('that is unknown is refused', fields('/typed', 'user=', 'Expect: 200-ok'), [400, 417]),
  row('of 100 is met for whom the origin admits', fields('/echo', 'a=1', 'Expect: 100-continue'), [100, 200], {
    judge: ({ statuses }) => assert.equal(statuses.at(-1), 200),
  }),
])
