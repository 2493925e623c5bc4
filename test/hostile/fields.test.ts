/** Plain forms, and bodies that are none.  WHATWG URL §5.1, RFC 9110 §8.3, §8.4 */
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import type { Outcome } from './exchange.ts'
import { boundary, chunked, end, field, fields, post, send, urlencoded, utf8 } from './requests.ts'
import { row, table } from './table.ts'

const kibi = 1024
const mebi = 1024 * 1024

/** What /echo says of the fields, or `null` if it says nothing of the kind. */
function echoed({ text }: Outcome): [string, string][] {
  return JSON.parse(Buffer.from(text.split('\r\n\r\n')[1] ?? '', 'latin1').toString()).fields
}

function echoes(...expected: [string, string][]): (outcome: Outcome) => void {
  return (outcome) => assert.deepEqual(echoed(outcome), expected)
}

function gzipped(text: string): string {
  return gzipSync(text).toString('latin1')
}

const bomb = gzipped(`amount=5&x=${'0'.repeat(50 * mebi)}`)

table('a body', [
  ...[
    'text/plain',
    'application/json',
    'application/xml',
    'text/html',
    'multipart/mixed; boundary=XyZ',
    'multipart/related; boundary=XyZ',
    'application/octet-stream',
    'application/x-www-form-urlencodedx',
    'x-www-form-urlencoded',
    'application',
    'application/',
    '/',
    '*/*',
    `${urlencoded}, text/plain`,
    `text/plain, ${urlencoded}`,
    `text/plain; ${urlencoded}`,
    `"${urlencoded}"`,
    `${urlencoded}\t/x`,
    'null',
    'undefined',
    '\xff',
  ].map((type) => row(`of the type ${JSON.stringify(type)} is no form`, post('/pay', type, 'amount=5'), 415)),
  row('of no type is no form', post('/pay', '', 'amount=5'), 415),
  row('of an empty type is no form', post('/pay', '', 'amount=5', 'Content-Type:'), [400, 415]),
  row('of no bytes and no type is a form with nothing in it', post('/pay', '', ''), [415, 422]),
  row('of two types is no form', post('/pay', 'text/plain', 'amount=5', `Content-Type: ${urlencoded}`), [400, 415]),
  row('of a type in capitals is a form', post('/typed', urlencoded.toUpperCase(), 'user='), 422),
  row('of a type with spaces around it is a form', post('/typed', ` \t${urlencoded} ;`, 'user='), 422),
  ...['utf-16', 'utf-7', 'iso-8859-1', 'x-user-defined', '"', '', 'utf-8\\', 'a'.repeat(1000)].map((charset) =>
    row(
      `in ${JSON.stringify(charset.slice(0, 20))} is read as UTF-8 or refused`,
      post('/echo', `${urlencoded}; charset=${charset}`, utf8('a=ü')),
      [200, 400, 415],
      {
        judge(outcome) {
          if (outcome.statuses[0] === 200) assert.deepEqual(echoed(outcome), [['a', 'ü']])
        },
      },
    ),
  ),
  ...[
    'gzip',
    'deflate',
    'br',
    'zstd',
    'compress',
    'x-gzip',
    'gzip, gzip',
    'GZIP',
    'identity, gzip',
    'aes128gcm',
    'nonsense',
    '"',
  ].map((coding) =>
    row(
      `that says it is ${coding} is refused`,
      post('/pay', urlencoded, 'amount=5', `Content-Encoding: ${coding}`),
      415,
    ),
  ),
  row('that is compressed is refused', post('/pay', urlencoded, gzipped('amount=5'), 'Content-Encoding: gzip'), 415),
  row('that is compressed without saying so is no form', post('/pay', urlencoded, gzipped('amount=5')), [400, 422]),
  row('that is 50 MiB once unpacked is refused', post('/pay', urlencoded, bomb, 'Content-Encoding: gzip'), 415),
  row(
    'that is 50 MiB once unpacked is refused as JSON',
    send('/hook', 'application/json', bomb, 'Content-Encoding: gzip'),
    415,
  ),
  row(
    'that is compressed is refused as multipart',
    post(
      '/pay',
      `multipart/form-data; boundary=${boundary}`,
      gzipped(field('amount', '5').concat(end)),
      'Content-Encoding: gzip',
    ),
    415,
  ),
  row(
    'that is compressed is refused as no type at all',
    post('/echo', '', gzipped('a'), 'Content-Encoding: gzip'),
    [200, 415],
    { keepsBack: /"a"/ },
  ),
  row(
    'that says twice that it is compressed is refused',
    post('/pay', urlencoded, 'amount=5', 'Content-Encoding: identity', 'Content-Encoding: gzip'),
    415,
  ),
  row(
    'that ends before its length does nothing',
    fields('/pay', 'amount=5').replace('Content-Length: 8', 'Content-Length: 9'),
    [0, 400],
    { leaves: true },
  ),
  row('that goes on after its length is cut there', fields('/echo', 'a=1').concat('b=2'), [200, 400], {
    judge: ({ text }) => assert.doesNotMatch(text, /"b"/),
  }),
])

table('a form', [
  row('of 1 MiB is read', fields('/echo', `a=${'x'.repeat(512 * kibi)}&b=${'x'.repeat(512 * kibi - 5)}`), 200, {
    judge: (outcome) => assert.equal(echoed(outcome).length, 2),
  }),
  row(
    'of 1 MiB and a byte is refused',
    fields('/echo', `a=${'x'.repeat(512 * kibi)}&b=${'x'.repeat(512 * kibi - 4)}`),
    413,
  ),
  row(
    'of 1 MiB and more in chunks is refused',
    chunked('/echo', `${`10000\r\n${'x&'.repeat(0x8000)}\r\n`.repeat(17)}0\r\n\r\n`),
    413,
  ),
  row('of a thousand fields is read', fields('/echo', 'a=1&'.repeat(1_000)), 200, {
    judge: (outcome) => assert.equal(echoed(outcome).length, 1_000),
  }),
  row('of 1,001 fields is refused', fields('/echo', 'a=1&'.repeat(1_001)), 413),
  row('of 1,001 fields without values is refused', fields('/echo', 'a&'.repeat(1_001)), 413),
  row('of 1,001 fields without names is refused', fields('/echo', '=&'.repeat(1_001)), 413),
  row('of a hundred thousand fields is refused', fields('/echo', 'a=&'.repeat(100_000)), 413),
  row('with a name of 1 KiB is read', fields('/echo', `${'n'.repeat(kibi)}=1`), 200),
  row('with a name of 1 KiB and a byte is refused', fields('/echo', `${'n'.repeat(kibi + 1)}=1`), 413),
  row('with a name of 1 KiB in two bytes a character is read', fields('/echo', utf8(`${'é'.repeat(kibi / 2)}=1`)), 200),
  row(
    'with a name of 1 KiB and more in two bytes a character is refused',
    fields('/echo', utf8(`${'é'.repeat(kibi / 2 + 1)}=1`)),
    413,
  ),
  row('with a name of 1 KiB and more in escapes is refused', fields('/echo', `${'%41'.repeat(kibi + 1)}=1`), 413),
  row('with a name of 1 MiB is refused', fields('/echo', 'n'.repeat(mebi)), 413),
  row('with a value of 512 KiB is read', fields('/echo', `a=${'v'.repeat(512 * kibi)}`), 200),
  row('with a value of 512 KiB and a byte is refused', fields('/echo', `a=${'v'.repeat(512 * kibi + 1)}`), 413),
  row(
    'with a value of 512 KiB and more in three bytes a character is refused',
    fields('/echo', utf8(`a=${'€'.repeat(175_000)}`)),
    413,
  ),
  row('with an escaped NUL is read', fields('/echo', 'a%00=%00'), 200, { judge: echoes(['a\0', '\0']) }),
  row('with a raw NUL is read', fields('/echo', 'a=\0'), 200, { judge: echoes(['a', '\0']) }),
  row('with escapes that are not UTF-8 is refused', fields('/echo', 'a=%ff'), 400),
  row('with bytes that are not UTF-8 is refused', fields('/echo', 'a=\xff'), 400),
  row('with a name that is not UTF-8 is refused', fields('/echo', '%ff=1'), 400),
  row('with an overlong slash is refused', fields('/echo', 'a=%c0%af'), 400),
  row('with an overlong NUL is refused', fields('/echo', 'a=%c0%80'), 400),
  row('with half a character is refused', fields('/echo', 'a=%e2%82'), 400),
  row('with half a character in bytes and half in an escape is refused', fields('/echo', 'a=\xe2%82%ac'), 400),
  row('with a lone surrogate is refused', fields('/echo', 'a=%ed%a0%80'), 400),
  row('with a character beyond all is refused', fields('/echo', 'a=%f4%90%80%80'), 400),
  row('that begins with a byte order mark has it in its name', fields('/echo', '\xef\xbb\xbfa=1'), 200, {
    judge: echoes(['\ufeffa', '1']),
  }),
  row('with a lone percent has it', fields('/echo', 'a=%&b=%4&c=%zz'), 200, {
    judge: echoes(['a', '%'], ['b', '%4'], ['c', '%zz']),
  }),
  row('with a flood of percents is read', fields('/echo', `a=${'%'.repeat(500_000)}`), 200),
  row('with a flood of pluses is read', fields('/echo', `a=${'+'.repeat(500_000)}`), 200, {
    judge: (outcome) => assert.equal(echoed(outcome)[0]?.[1], ' '.repeat(500_000)),
  }),
  row('with a flood of escaped escapes is read once', fields('/echo', `a=${'%25'.repeat(100_000)}`), 200, {
    judge: (outcome) => assert.equal(echoed(outcome)[0]?.[1], '%'.repeat(100_000)),
  }),
  row('with a flood of ampersands is empty', fields('/echo', '&'.repeat(mebi)), 200, { judge: echoes() }),
  row('with a flood of equals signs is one field', fields('/echo', '='.repeat(500_000)), 200, {
    judge: (outcome) => assert.equal(echoed(outcome).length, 1),
  }),
  row('with semicolons is one field', fields('/echo', 'a=1;b=2'), 200, { judge: echoes(['a', '1;b=2']) }),
  row(
    'with the names that objects have has them',
    fields('/echo', '__proto__=a&constructor=b&prototype=c&toString=d&__proto__[x]=e'),
    200,
    {
      judge: echoes(
        ['__proto__', 'a'],
        ['constructor', 'b'],
        ['prototype', 'c'],
        ['toString', 'd'],
        ['__proto__[x]', 'e'],
      ),
    },
  ),
  row('with brackets in brackets is flat', fields('/echo', `a${'[b]'.repeat(300)}=1`), 200, {
    judge: (outcome) => assert.equal(echoed(outcome)[0]?.[0], `a${'[b]'.repeat(300)}`),
  }),
  row('with dots without end is flat', fields('/echo', `${'a.'.repeat(500)}=1`), 200),
  row('with line ends keeps them', fields('/echo', 'a=1\r\n2%0d%0a3'), 200, { judge: echoes(['a', '1\r\n2\r\n3']) }),
])

/** A form of the page /typed that answers with its values. */
function typed(body: string): string {
  return fields('/typed', body)
}

table('a typed form', [
  row(
    'has the fields of its schema and no others',
    typed('user=Ada&admin=1&__proto__=x&constructor=y&prototype=z&toString=1'),
    200,
    { says: /\r\n\r\n\{"user":"Ada","tags":\[\],"agree":false\}$/ },
  ),
  row('takes no object for a text', typed('user[$ne]=1'), 422),
  row('takes no object for a text with a dot', typed('user.length=1&user.toString=x'), 422),
  row('takes the first of two texts, or none', typed('user=Ada&user=Eve'), [200, 422], { keepsBack: /Eve"/ }),
  row('takes a list with the names that objects have', typed('user=Ada&tags=__proto__&tags=constructor'), 200, {
    says: /\["__proto__","constructor"\]/,
  }),
  row(
    'takes a list by place no further than the limit of fields',
    typed(`user=Ada&${Array.from({ length: 990 }, (_, at) => `tags.${at}=x`).join('&')}`),
    [200, 422],
  ),
  row('takes no list by a place of a thousand million', typed('user=Ada&tags.999999999=x'), [200, 422], {
    judge: ({ text }) => assert.ok(text.length < 10_000),
  }),
  row(
    'takes no list by a place that objects have',
    typed('user=Ada&tags.__proto__=x&tags.length=9&tags[]=y'),
    [200, 422],
  ),
  row('with markup is shown again as text', typed('user=%3Cscript%3Ealert(1)%3C/script%3E%22%27%3E'), 422, {
    keepsBack: /<script/,
  }),
  row('with markup in a name is shown again without it', typed('user=&%3Cscript%3E=x&a%22%3E%3Cscript%3E=y'), 422, {
    keepsBack: /<script/,
  }),
  row('with half a megabyte of text is shown again', typed(`user=${'%3C'.repeat(170_000)}`), 422),
  ...[
    '151',
    '-1',
    '1.5',
    '1e2x',
    '0x10',
    'NaN',
    'Infinity',
    '-Infinity',
    '1_0',
    '1,0',
    '٣',
    '９',
    '1\0',
    '999999999999999999999999',
    `1${'0'.repeat(10_000)}`,
  ].map((age) =>
    row(`has no age of ${JSON.stringify(age.slice(0, 24))}`, typed(`user=Ada&age=${encodeURIComponent(age)}`), 422),
  ),
])

table('a payment', [
  ...[
    '',
    '0',
    '-0',
    '1001',
    '-5',
    '5.5',
    '5e9',
    '0x5',
    'five',
    'NaN',
    'Infinity',
    '٥',
    '５',
    '5\0',
    '5;1',
    '5,0',
    '5 5',
    '[5]',
    '{"$gt":0}',
    'true',
    '1e400',
    '9007199254740993',
  ].map((amount) =>
    row(`of ${JSON.stringify(amount)} is not made`, fields('/pay', `amount=${encodeURIComponent(amount)}`), 422),
  ),
  row('without an amount is not made', fields('/pay', 'amounts=5&Amount=5&amount[]=5&amount.0=5'), 422),
  row('in the address is not made', fields('/pay?amount=5', ''), 422),
])

table('the webhook', [
  row('takes JSON of 1 MiB', send('/hook', 'application/json', `"${'x'.repeat(mebi - 2)}"`), 200),
  row('takes no JSON of 1 MiB and a byte', send('/hook', 'application/json', `"${'x'.repeat(mebi - 1)}"`), 413),
  row(
    'takes no chunks without end',
    chunked('/hook', `${`10000\r\n${' '.repeat(0x10000)}\r\n`.repeat(40)}0\r\n\r\n`, 'Content-Type: application/json'),
    413,
  ),
  row('takes no JSON that is half open a million times', send('/hook', 'application/json', '['.repeat(1_000_000)), 400),
  row(
    'takes or refuses JSON of five hundred thousand levels',
    send('/hook', 'application/json', `${'['.repeat(500_000)}${']'.repeat(500_000)}`),
    [200, 400, 413],
  ),
  row(
    'takes or refuses JSON of objects in objects',
    send('/hook', 'application/json', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
    [200, 400, 413],
  ),
  row(
    'takes JSON with the names that objects have',
    send('/hook', 'application/json', '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}'),
    200,
  ),
  row(
    'takes JSON with a name said a hundred thousand times',
    send('/hook', 'application/json', `{${'"a":1,'.repeat(100_000)}"a":1}`),
    200,
  ),
  row('takes a number of a million digits', send('/hook', 'application/json', '9'.repeat(1_000_000)), [200, 400]),
  row('takes no empty JSON', send('/hook', 'application/json', ''), 400),
  row('takes no JSON that is cut short', send('/hook', 'application/json', '{"a":1'), 400),
  row('takes no words for JSON', send('/hook', 'application/json', 'undefined'), 400),
  row('takes no JSON in UTF-16', send('/hook', 'application/json; charset=utf-16', '{\0}\0'), 400),
  row('takes or refuses JSON with bytes that are not UTF-8', send('/hook', 'application/json', '"\xff"'), [200, 400]),
  row(
    'does nothing when its client leaves',
    send('/hook', 'application/json', '{}').replace('Content-Length: 2', 'Content-Length: 20'),
    [0, 400],
    { leaves: true },
  ),
])
