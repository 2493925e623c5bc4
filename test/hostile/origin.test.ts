/** Who may ask.  Fetch Metadata §2, RFC 6454 §7 */
import assert from 'node:assert/strict'
import type { Outcome } from './exchange.ts'
import { boundary, end, field, head, send, urlencoded } from './requests.ts'
import { row, table } from './table.ts'

/** A payment that would be made if it came from here. */
function pay(...headers: readonly string[]): string {
  return send('/pay', urlencoded, 'amount=5', ...headers)
}

const bodies: readonly (readonly [type: string, body: string])[] = [
  [urlencoded, 'amount=5'],
  [`${urlencoded};charset=UTF-8`, 'amount=5'],
  [`multipart/form-data; boundary=${boundary}`, field('amount', '5').concat(end)],
  ['text/plain', 'amount=5'],
  ['application/json', '{"amount":5}'],
  ['application/csp-report', '{"amount":5}'],
  ['', 'amount=5'],
  ['', ''],
  ['nonsense', 'amount=5'],
]

/** The head of a payment of a gigabyte, and the beginning of its body. */
function unread(...headers: readonly string[]): string {
  return head('POST /pay HTTP/1.1', `Content-Type: ${urlencoded}`, 'Content-Length: 1000000000', ...headers).concat(
    'amount=5&',
  )
}

function onceRefused({ statuses }: Outcome): void {
  assert.deepEqual(statuses, [403])
}

table('another site', [
  ...bodies.map(([type, body]) =>
    row(
      `is refused with a body of ${JSON.stringify(type)} and ${body.length} bytes`,
      send('/pay', type, body, 'Sec-Fetch-Site: cross-site'),
      403,
    ),
  ),
  ...bodies.map(([type, body]) =>
    row(
      `is refused by its origin with a body of ${JSON.stringify(type)} and ${body.length} bytes`,
      send('/pay', type, body, 'Origin: https://evil.example'),
      403,
    ),
  ),
  ...[
    'cross-site',
    'same-site',
    'CROSS-SITE',
    'Same-Origin',
    'nonsense',
    '',
    'same-origin, cross-site',
    'same-origin;x',
  ].map((site) => row(`is refused as Sec-Fetch-Site ${JSON.stringify(site)}`, pay(`Sec-Fetch-Site: ${site}`), 403)),
  row('is refused when it says two things', pay('Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site'), 403),
  ...[
    'null',
    'https://localhost',
    'http://localhost:1',
    'http://localhost.evil.example',
    'http://evil.example#localhost',
    'http://localhost/',
    'http://127.0.0.1',
    'http://localhost, http://evil.example',
    'file://',
    '',
    'localhost',
    'http://localhost@evil.example',
    'http://ⓛocalhost',
  ].map((origin) =>
    row(
      `is refused as Origin ${JSON.stringify(origin)}`,
      pay(`Origin: ${Buffer.from(origin).toString('latin1')}`),
      403,
    ),
  ),
  row('is refused when it says two origins', pay('Origin: http://localhost', 'Origin: http://evil.example'), 403),
  row('is refused although its origin is ours', pay('Origin: http://localhost', 'Sec-Fetch-Site: cross-site'), 403),
  row(
    'is refused although a proxy nobody named says it is here',
    pay(
      'Origin: https://shop.example',
      'X-Forwarded-Host: shop.example',
      'X-Forwarded-Proto: https',
      'Forwarded: host=shop.example;proto=https',
    ),
    403,
  ),
  row('is refused whatever Referer says', pay('Sec-Fetch-Site: cross-site', 'Referer: http://localhost/form'), 403),
  row('is refused as a script of ours', pay('Sec-Fetch-Site: cross-site', 'X-Requested-With: XMLHttpRequest'), 403),
  row(
    'is refused with the cookie of a visitor',
    ({ cookie }) => pay('Sec-Fetch-Site: cross-site', `Cookie: ${cookie}`),
    403,
  ),
  row(
    'is refused with a method by another name',
    pay('Sec-Fetch-Site: cross-site', 'X-HTTP-Method-Override: GET'),
    403,
  ),
  row(
    'is refused at a form that needs no session',
    send('/typed', urlencoded, 'user=Ada', 'Sec-Fetch-Site: cross-site'),
    403,
  ),
  row('is refused at /echo', send('/echo', urlencoded, 'a=1', 'Sec-Fetch-Site: same-site'), 403),
  row(
    'is refused at /clear',
    ({ cookie }) => send('/clear', urlencoded, '', 'Sec-Fetch-Site: cross-site', `Cookie: ${cookie}`),
    403,
    { keepsBack: /^set-cookie/im },
  ),
  row('is refused at /logout', ({ cookie }) => send('/logout', '', '', 'Origin: null', `Cookie: ${cookie}`), 403, {
    keepsBack: /^set-cookie/im,
  }),
  row(
    'cannot sign somebody in',
    send('/login', urlencoded, 'user=evil&password=x', 'Sec-Fetch-Site: cross-site'),
    403,
    { keepsBack: /^set-cookie/im },
  ),
  row(
    'gets no leave by asking first',
    head('OPTIONS /pay HTTP/1.1', 'Origin: https://evil.example', 'Access-Control-Request-Method: POST'),
    204,
  ),
])

table('a request of nobody knows where', [
  row('that carries a session is refused', ({ cookie }) => pay(`Cookie: ${cookie}`), 403),
  row(
    'that carries a session and a token that is none is refused',
    ({ cookie }) =>
      send('/pay', urlencoded, `amount=5&_once=${'A'.repeat(48)}&_token=${'A'.repeat(48)}`, `Cookie: ${cookie}`),
    403,
  ),
  row(
    'that carries a session and text/plain is refused',
    ({ cookie }) => send('/pay', 'text/plain', 'amount=5', `Cookie: ${cookie}`),
    [403, 415],
  ),
  row(
    'that carries a session and nothing is refused',
    ({ cookie }) => send('/clear', '', '', `Cookie: ${cookie}`),
    403,
  ),
])

table('a body that nobody wants', [
  row('is not read when it comes from another site', unread('Sec-Fetch-Site: cross-site'), 403, { judge: onceRefused }),
  row('is not read when it comes from another origin', unread('Origin: https://evil.example'), 403, {
    judge: onceRefused,
  }),
  row('is not read when its origin is null', unread('Origin: null'), 403, { judge: onceRefused }),
  row(
    'is not asked for when it comes from another site',
    head(
      'POST /pay HTTP/1.1',
      `Content-Type: ${urlencoded}`,
      'Content-Length: 8',
      'Expect: 100-continue',
      'Sec-Fetch-Site: cross-site',
    ),
    403,
    { judge: onceRefused },
  ),
  row(
    'is not asked for when it comes from another origin',
    head(
      'POST /upload HTTP/1.1',
      `Content-Type: multipart/form-data; boundary=${boundary}`,
      'Transfer-Encoding: chunked',
      'Expect: 100-continue',
      'Origin: https://evil.example',
    ),
    403,
    { judge: onceRefused },
  ),
  row(
    'is not read when it is chunked and comes from another site',
    head(
      'POST /pay HTTP/1.1',
      `Content-Type: ${urlencoded}`,
      'Transfer-Encoding: chunked',
      'Sec-Fetch-Site: cross-site',
    ).concat('8\r\namount=5\r\n'),
    403,
    { judge: onceRefused },
  ),
  row(
    'is not asked for at a path that is not there',
    head('POST /nowhere HTTP/1.1', 'Content-Length: 8', 'Expect: 100-continue', 'Sec-Fetch-Site: same-origin'),
    404,
    { judge: ({ statuses }) => assert.deepEqual(statuses, [404]) },
  ),
  row(
    'is not asked for by a method that is none there',
    head('PUT /pay HTTP/1.1', 'Content-Length: 8', 'Expect: 100-continue', 'Sec-Fetch-Site: same-origin'),
    405,
    { judge: ({ statuses }) => assert.deepEqual(statuses, [405]) },
  ),
  row(
    'is not asked for when it says that it is too large',
    head(
      'POST /pay HTTP/1.1',
      `Content-Type: ${urlencoded}`,
      'Content-Length: 1000000000',
      'Expect: 100-continue',
      'Sec-Fetch-Site: same-origin',
    ),
    413,
    { judge: ({ statuses }) => assert.deepEqual(statuses, [413]) },
  ),
])

table('the webhook', [
  row('takes what comes from another site', send('/hook', 'application/json', '{}', 'Sec-Fetch-Site: cross-site'), 200),
  ...[
    '/hook/',
    '/hook//',
    '/HOOK',
    '/hook%2f',
    '/hook%20',
    '/hook/../pay',
    '/hook;x',
    '/hook/x',
    '//hook',
    '/hook%00',
  ].map((path) =>
    row(`is not ${path}`, send(path, urlencoded, 'amount=5', 'Sec-Fetch-Site: cross-site'), [400, 403, 404]),
  ),
])
