/** Forms with files.  RFC 7578, RFC 2046 §5.1, WHATWG HTML §4.10.22.8 */
import assert from 'node:assert/strict'
import type { Outcome } from './exchange.ts'
import { boundary, chunked, end, field, file, multipart, part, post, utf8 } from './requests.ts'
import { row, table } from './table.ts'

const kibi = 1024
const mebi = 1024 * 1024

interface Echo {
  readonly fields: [string, string][]
  readonly files: { name: string; filename: string; safeName: string; type: string; size: number }[]
}

function echoed({ text }: Outcome): Echo {
  return JSON.parse(Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1').toString())
}

function echoes(...expected: [string, string][]): (outcome: Outcome) => void {
  return (outcome) => {
    if (outcome.statuses[0] === 200) assert.deepEqual(echoed(outcome).fields, expected)
  }
}

/** To /echo, with the end of the body. */
function echo(body: string, type?: string): string {
  return multipart('/echo', body + end, type)
}

/** A body with another boundary. */
function bounded(parameter: string, mark: string): string {
  return multipart(
    '/echo',
    `--${mark}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--${mark}--\r\n`,
    `multipart/form-data; ${parameter}`,
  )
}

table('a boundary', [
  row('that is missing is refused', multipart('/echo', field('a', '1') + end, 'multipart/form-data'), 400),
  row('that is empty is refused', bounded('boundary=', ''), 400),
  row('that is empty in quotes is refused', bounded('boundary=""', ''), 400),
  row('of 70 characters is taken', bounded(`boundary=${'b'.repeat(70)}`, 'b'.repeat(70)), 200, {
    judge: echoes(['a', '1']),
  }),
  row('of 71 characters is refused', bounded(`boundary=${'b'.repeat(71)}`, 'b'.repeat(71)), [400, 413]),
  row('of 10,000 characters is refused', bounded(`boundary=${'b'.repeat(10_000)}`, 'b'.repeat(10_000)), [400, 413]),
  row('in quotes is taken', bounded('boundary="a b:c"', 'a b:c'), [200, 400], { judge: echoes(['a', '1']) }),
  row('that ends with a space is refused or cut', bounded('boundary="a "', 'a '), [200, 400]),
  row('of nothing but hyphens is taken', bounded('boundary=----', '----'), [200, 400], { judge: echoes(['a', '1']) }),
  row('with a quote that never ends is refused', bounded('boundary="abc', 'abc'), 400),
  row('said twice counts once', bounded('boundary=abc; boundary=xyz', 'abc'), [200, 400], {
    judge: echoes(['a', '1']),
  }),
  row('beyond ASCII is refused', bounded('boundary=\xff\xfe', '\xff\xfe'), [200, 400]),
  row('with brackets of a pattern is a text', bounded('boundary="(.*)+?"', '(.*)+?'), [200, 400], {
    judge: echoes(['a', '1']),
  }),
  row('that does not come is refused', multipart('/echo', 'nothing of the kind'), 400),
  row('with a body of nothing is refused', multipart('/echo', ''), 400),
  row('that only ends is a form with nothing in it', multipart('/echo', end), 200, { judge: echoes() }),
  row(
    'in other letters is another one',
    multipart('/echo', field('a', '1').replace(boundary, boundary.toLowerCase()) + end),
    [200, 400],
    { judge: echoes() },
  ),
])

table('the end of a form with files', [
  row('that is missing is refused', multipart('/echo', field('a', '1')), 400),
  row('that is missing behind a file is refused', multipart('/echo', file('f', 'a.txt', 'x'.repeat(100_000))), 400),
  row('that is half there is refused', multipart('/echo', `${field('a', '1')}--${boundary}-`), 400),
  row('without its line end is an end', multipart('/echo', `${field('a', '1')}--${boundary}--`), 200, {
    judge: echoes(['a', '1']),
  }),
  row('may be followed by text', multipart('/echo', `${field('a', '1') + end}and so on`), [200, 400], {
    judge: echoes(['a', '1']),
  }),
  row(
    'may be followed by parts that are none',
    multipart('/echo', field('a', '1') + end + field('b', '2') + end),
    [200, 400],
    { judge: echoes(['a', '1']) },
  ),
  row(
    'may be followed by a mebibyte',
    multipart('/echo', field('a', '1') + end + '\r\n--'.repeat(mebi / 4)),
    [200, 400, 413],
    { judge: echoes(['a', '1']) },
  ),
  row(
    'that never comes does nothing when the client leaves',
    multipart('/upload', field('note', 'x') + file('file', 'a.txt', 'x'.repeat(1000))).replace(
      /Content-Length: \d+/,
      'Content-Length: 100000',
    ),
    [0, 400],
    { leaves: true },
  ),
  row(
    'that never comes in chunks does nothing when the client leaves',
    chunked(
      '/upload',
      `7d0\r\n${(field('note', 'x') + file('file', 'a.txt', 'x'.repeat(2000))).slice(0, 2000)}\r\n`,
      `Content-Type: multipart/form-data; boundary=${boundary}`,
    ),
    [0, 400],
    { leaves: true },
  ),
  row(
    'in mid-header does nothing when the client leaves',
    multipart('/upload', `--${boundary}\r\nContent-Dispo`).replace(/Content-Length: \d+/, 'Content-Length: 100000'),
    [0, 400],
    { leaves: true },
  ),
])

table('a line of a form with files', [
  row('that ends with LF alone is refused', multipart('/echo', (field('a', '1') + end).replaceAll('\r\n', '\n')), 400),
  row('that ends with CR alone is refused', multipart('/echo', (field('a', '1') + end).replaceAll('\r\n', '\r')), 400),
  row(
    'of a header that ends with LF alone is refused',
    echo(part('Content-Disposition: form-data; name="a"\nContent-Type: text/plain', '1')),
    400,
  ),
  row('before the first part may be there', multipart('/echo', `a word\r\n${field('a', '1')}${end}`), [200, 400], {
    judge: echoes(['a', '1']),
  }),
  row(
    'before the first part may be 1,000 bytes',
    multipart('/echo', `${'x'.repeat(998)}\r\n${field('a', '1')}${end}`),
    [200, 400],
    { judge: echoes(['a', '1']) },
  ),
  row(
    'before the first part may not be 1,100 bytes',
    multipart('/echo', `${'x'.repeat(1098)}\r\n${field('a', '1')}${end}`),
    [400, 413],
  ),
  row(
    'before the first part may not be a mebibyte of line ends',
    multipart('/echo', `${'\r\n'.repeat(mebi / 2)}${field('a', '1')}${end}`),
    [400, 413],
  ),
  row(
    'of a boundary with more behind it is refused, or text',
    multipart('/echo', `--${boundary}x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n${end}`),
    [200, 400],
    { judge: echoes() },
  ),
  row(
    'of a boundary with spaces behind it is a boundary, or refused',
    multipart('/echo', `--${boundary}  \t\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n${end}`),
    [200, 400],
    { judge: echoes(['a', '1']) },
  ),
  row('that looks like a boundary in mid-line is text', echo(field('a', `x--${boundary}--y`)), 200, {
    judge: echoes(['a', `x--${boundary}--y`]),
  }),
  row('that is nearly a boundary is text', echo(field('a', `\r\n--${boundary.slice(0, 2)}\r\n-${boundary}`)), 200, {
    judge: echoes(['a', `\r\n--${boundary.slice(0, 2)}\r\n-${boundary}`]),
  }),
])

/** One part with this Content-Disposition. */
function disposed(disposition: string): string {
  return echo(part(`Content-Disposition: ${disposition}`, '1'))
}

table('a part', [
  row('without headers is refused', echo(`--${boundary}\r\n\r\n1\r\n`), 400),
  row('without a disposition is refused', echo(part('Content-Type: text/plain', '1')), 400),
  row('without a name is refused', disposed('form-data'), 400),
  row('that is an attachment is refused', disposed('attachment; name="a"'), 400),
  row('with an empty name is read or refused', disposed('form-data; name=""'), [200, 400]),
  row('with a name without quotes is read', disposed('form-data; name=a'), 200, { judge: echoes(['a', '1']) }),
  row('with a name said twice is refused, or the first counts', disposed('form-data; name="a"; name="b"'), [200, 400], {
    judge: echoes(['a', '1']),
  }),
  row(
    'with a disposition said twice is refused',
    echo(part('Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"', '1')),
    400,
  ),
  row('with a quote that never ends is refused', disposed('form-data; name="a'), 400),
  row('with words behind its name is refused', disposed('form-data; name="a"b'), [200, 400]),
  row(
    'with a name that is escaped otherwise is read as it stands, or refused',
    disposed('form-data; name*=UTF-8\'\'b; name="a"'),
    [200, 400],
    { judge: echoes(['a', '1']) },
  ),
  row('with an escaped quote in its name has a quote', disposed('form-data; name="a%22b"'), 200),
  row('with line ends escaped in its name splits no header', disposed('form-data; name="a%0d%0aX: 1"'), [200, 400]),
  row('with the names that objects have has them', echo(field('__proto__', '1') + field('constructor', '2')), 200, {
    judge: echoes(['__proto__', '1'], ['constructor', '2']),
  }),
  row('with NUL in its name is refused', disposed('form-data; name="a\0b"'), [200, 400]),
  row('with a name that is not UTF-8 is refused', disposed('form-data; name="\xff"'), 400),
  row('with a value that is not UTF-8 is refused', echo(field('a', '\xff')), 400),
  row('with a value that ends in half a character is refused', echo(field('a', '\xe2\x82')), 400),
  row('with a file name that is not UTF-8 is refused', echo(file('f', '\xff.txt', 'x')), 400),
  row('with a name of 1 KiB is read', echo(field('n'.repeat(kibi), '1')), 200),
  row('with a name of 1 KiB and a byte is refused', echo(field('n'.repeat(kibi + 1), '1')), 413),
  row('with a value of 512 KiB is read', echo(field('a', 'v'.repeat(512 * kibi))), 200),
  row('with a value of 512 KiB and a byte is refused', echo(field('a', 'v'.repeat(512 * kibi + 1))), 413),
  row(
    'with 16 headers is read',
    echo(part(`Content-Disposition: form-data; name="a"${'\r\nX-A: 1'.repeat(15)}`, '1')),
    200,
  ),
  row(
    'with 17 headers is refused',
    echo(part(`Content-Disposition: form-data; name="a"${'\r\nX-A: 1'.repeat(16)}`, '1')),
    413,
  ),
  row(
    'with 8 KiB of headers and more is refused',
    echo(part(`Content-Disposition: form-data; name="a"\r\nX-A: ${'x'.repeat(8 * kibi)}`, '1')),
    413,
  ),
  row(
    'with a mebibyte of headers is refused',
    echo(part(`Content-Disposition: form-data; name="a"\r\nX-A: ${'x'.repeat(mebi)}`, '1')),
    413,
  ),
  row(
    'with headers that never end is refused',
    multipart('/echo', `--${boundary}\r\n${'X-A: 1\r\n'.repeat(50_000)}`),
    413,
  ),
  row(
    'with a header that goes on in the next line is refused',
    echo(part('Content-Disposition: form-data;\r\n name="a"', '1')),
    [200, 400],
  ),
  row(
    'with a header without a colon is refused',
    echo(part('Content-Disposition: form-data; name="a"\r\nX-A', '1')),
    400,
  ),
  row('with a space before a colon is refused', echo(part('Content-Disposition : form-data; name="a"', '1')), 400),
  row(
    'with NUL in a header is refused',
    echo(part('Content-Disposition: form-data; name="a"\r\nX-A: \0', '1')),
    [200, 400],
  ),
  row(
    'in another charset is read as UTF-8, or refused',
    echo(part('Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=utf-16', utf8('ü'))),
    [200, 400, 415],
    { judge: echoes(['a', 'ü']) },
  ),
  row(
    'that names a charset for all changes nothing',
    echo(field('_charset_', 'iso-8859-1') + field('a', utf8('ü'))),
    200,
    { judge: echoes(['_charset_', 'iso-8859-1'], ['a', 'ü']) },
  ),
  row(
    'in base64 is not unpacked',
    echo(part('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64', 'YW1vdW50')),
    [200, 400, 415],
    { judge: echoes(['a', 'YW1vdW50']) },
  ),
  row(
    'in quoted-printable is not unpacked',
    echo(part('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: quoted-printable', '=41')),
    [200, 400, 415],
    { judge: echoes(['a', '=41']) },
  ),
  row(
    'that says it is compressed is not unpacked',
    echo(part('Content-Disposition: form-data; name="a"\r\nContent-Encoding: gzip', '1')),
    [200, 400, 415],
    { judge: echoes(['a', '1']) },
  ),
  row(
    'with parts in it is one text',
    echo(
      part(
        'Content-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=In',
        '--In\r\nContent-Disposition: file; filename="x"\r\n\r\n1\r\n--In--',
      ),
    ),
    [200, 400],
    { judge: echoes(['a', '--In\r\nContent-Disposition: file; filename="x"\r\n\r\n1\r\n--In--']) },
  ),
])

const flood = 400 * kibi

table('a flood', [
  row('of CR in a field is read', echo(field('a', '\r'.repeat(flood))), 200),
  row('of CR LF in a field is read', echo(field('a', '\r\n'.repeat(flood / 2))), 200),
  row('of hyphens in a field is read', echo(field('a', '-'.repeat(flood))), 200),
  row('of lines that begin like a boundary is read', echo(field('a', '\r\n--'.repeat(flood / 4))), 200),
  row(
    'of lines that are nearly a boundary is read',
    echo(field('a', `\r\n--${boundary.slice(0, -1)}`.repeat(flood / 6))),
    200,
  ),
  row(
    'of lines that are nearly a boundary is read in a file',
    () => echo(file('f', 'a.txt', `\r\n--${boundary.slice(0, -1)}`.repeat((4 * mebi) / 6))),
    200,
  ),
  row('of CR is read in a file', () => echo(file('f', 'a.txt', '\r'.repeat(4 * mebi))), 200),
  row(
    'of nearly boundaries of 70 characters is read',
    multipart(
      '/echo',
      `--${'-'.repeat(70)}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${`\r\n${'-'.repeat(71)}`.repeat(5_000)}\r\n--${'-'.repeat(70)}--\r\n`,
      `multipart/form-data; boundary=${'-'.repeat(70)}`,
    ),
    [200, 400],
  ),
  row('of quotes in a disposition is refused', disposed(`form-data; name="a"; x=${'"'.repeat(7_000)}`), [200, 400]),
  row(
    'of backslashes in a disposition is refused or read',
    disposed(`form-data; name="a${'\\'.repeat(7_000)}"`),
    [200, 400, 413],
  ),
  row(
    'of semicolons in a disposition is read or refused',
    disposed(`form-data; name="a"${';'.repeat(7_000)}`),
    [200, 400],
  ),
  row('of spaces in a disposition is read or refused', disposed(`form-data;${' '.repeat(7_000)}name="a"`), [200, 400]),
  row(
    'of equals signs in a disposition is read or refused',
    disposed(`form-data; name="a"; ${'='.repeat(7_000)}`),
    [200, 400],
  ),
  row('of empty parts is refused', multipart('/echo', `--${boundary}\r\n`.repeat(50_000) + end), [400, 413]),
  row(
    'of one byte in each chunk is read',
    chunked(
      '/echo',
      `${[...(field('a', 'abc') + end)].map((byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`,
      `Content-Type: multipart/form-data; boundary=${boundary}`,
    ),
    200,
    { judge: echoes(['a', 'abc']) },
  ),
])

table('a count', [
  row('of 1,000 parts is read', echo(field('a', '1').repeat(1_000)), 200, {
    judge: (outcome) => assert.equal(echoed(outcome).fields.length, 1_000),
  }),
  row('of 1,001 parts is refused', echo(field('a', '1').repeat(1_001)), 413),
  row('of 10 files is read', echo(file('f', 'a.txt', 'x').repeat(10)), 200, {
    judge: (outcome) => assert.equal(echoed(outcome).files.length, 10),
  }),
  row('of 11 files is refused', echo(file('f', 'a.txt', 'x').repeat(11)), 413),
  row(
    'of 11 files and a form that asks for one is refused',
    multipart('/upload', field('note', 'x') + file('file', 'a.txt', 'x').repeat(11) + end),
    413,
  ),
  row(
    'of two files where one is asked for is one, or refused',
    multipart('/upload', field('note', '') + file('file', 'a.txt', 'one') + file('file', 'b.txt', 'two') + end),
    [413, 422],
  ),
  row('of 5 MiB in a file is read', () => echo(file('f', 'a.txt', 'x'.repeat(5 * mebi))), 200, {
    judge: (outcome) => assert.equal(echoed(outcome).files[0]?.size, 5 * mebi),
  }),
  row('of 5 MiB and a byte in a file is refused', () => echo(file('f', 'a.txt', 'x'.repeat(5 * mebi + 1))), 413),
  row(
    'of 5 MiB and a byte in a file is refused by a form',
    () => multipart('/upload', field('note', 'x') + file('file', 'a.txt', 'x'.repeat(5 * mebi + 1)) + end),
    413,
  ),
  row('of 20 MiB in all and more is refused', () => echo(file('f', 'a.txt', 'x'.repeat(4.5 * mebi)).repeat(5)), 413),
  row(
    'of 20 MiB in all and more in chunks is refused',
    () =>
      chunked(
        '/echo',
        `${`400000\r\n${file('f', 'a.txt', 'x'.repeat(4 * mebi)).slice(0, 4 * mebi)}\r\n`.repeat(6)}0\r\n\r\n`,
        `Content-Type: multipart/form-data; boundary=${boundary}`,
      ),
    [400, 413],
  ),
  row('of fields of 20 MiB is refused', () => echo(field('a', 'x'.repeat(500 * kibi)).repeat(45)), 413),
  row(
    'of 1 MiB and more of fields is refused, or read within 20 MiB',
    echo(field('a', 'x'.repeat(500 * kibi)).repeat(3)),
    [200, 413],
  ),
  row('of a file with no bytes is read', echo(file('f', 'a.txt', '')), 200),
  row(
    'of a file that nobody chose is none',
    echo(part('Content-Disposition: form-data; name="f"; filename=""\r\nContent-Type: application/octet-stream', '')),
    200,
    { judge: (outcome) => assert.deepEqual(echoed(outcome).files, []) },
  ),
])

const filenames: readonly string[] = [
  '../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/etc/passwd',
  'C:\\temp\\a.txt',
  '\\\\server\\share\\a.txt',
  'file:///etc/passwd',
  '.',
  '..',
  '...',
  '.htaccess',
  '.ssh/authorized_keys',
  'CON',
  'con.txt',
  'aux.tar.gz',
  'NUL',
  'COM1.txt',
  'LPT9',
  'CLOCK$',
  'a:b.txt',
  'a.txt::$DATA',
  'a<b>c|d?e*.txt',
  'a. ',
  ' a.txt',
  'a.txt.',
  '-rf',
  '--help',
  '~root',
  '$(id).txt',
  '`id`.txt',
  ';ls;.txt',
  '%2e%2e%2f.txt',
  'a%00.png',
  'a%0d%0aX: 1.txt',
  'a\tb.txt',
  'a\x7f.txt',
  'a\u202etxt.exe',
  '\u200f\u200e.txt',
  'a\u2028b.txt',
  'a\u0085b.txt',
  '\ufeffa.txt',
  'a\u2215b.txt',
  'a／b.txt',
  '<script>alert(1)</script>.txt',
  '"onload=x.txt'.replaceAll('"', '%22'),
  'é'.repeat(200),
  '😀'.repeat(100),
  `${'x'.repeat(4_000)}.txt`,
  `a.${'x'.repeat(4_000)}`,
  `a${'.txt'.repeat(500)}`,
  `a${'\u0301'.repeat(500)}.txt`,
]

function assertSafeName(outcome: Outcome): void {
  if (outcome.statuses[0] !== 200) return
  const [safeName = ''] = echoed(outcome).files.map((one) => one.safeName)
  assert.match(safeName, /^[^/\\:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u)
  assert.doesNotMatch(safeName, /^[.\-~ ]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i)
  assert.ok(Buffer.byteLength(safeName) <= 255)
}

table('a file name', [
  ...filenames.map((filename) =>
    row(`${JSON.stringify(filename.slice(0, 40))} is safe`, echo(file('f', utf8(filename), 'x')), [200, 400], {
      judge: assertSafeName,
    }),
  ),
  row('with NUL is refused, or safe', echo(file('f', 'a\0.png', 'x')), [200, 400], { judge: assertSafeName }),
  row(
    'said twice is refused, or the first counts',
    echo(part('Content-Disposition: form-data; name="f"; filename="a.txt"; filename="../b.txt"', 'x')),
    [200, 400],
    { judge: assertSafeName },
  ),
  row(
    'said in two ways is refused, or safe',
    echo(part('Content-Disposition: form-data; name="f"; filename="a.txt"; filename*=UTF-8\'\'..%2f..%2fb.txt', 'x')),
    [200, 400],
    { judge: assertSafeName },
  ),
  row(
    'in another charset is refused, or safe',
    echo(part('Content-Disposition: form-data; name="f"; filename*=utf-7\'\'+AC4ALg-', 'x')),
    [200, 400],
    { judge: assertSafeName },
  ),
  row('in words of a letter is text', echo(file('f', '=?utf-8?B?Li4vLi4v?=.txt', 'x')), [200, 400], {
    judge: assertSafeName,
  }),
])

/** An upload that is refused for its content. */
function upload(filename: string, type: string, content: string): string {
  return multipart(
    '/upload',
    field('note', 'x') +
      part(`Content-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: ${type}`, content) +
      end,
  )
}

table('a type', [
  row(
    'of HTML is not a picture because its name says so',
    upload('a.png', 'image/png', '<!DOCTYPE html><script>alert(1)</script>'),
    [303, 422],
  ),
  row(
    'of SVG is not taken',
    upload(
      'a.svg',
      'image/svg+xml',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    ),
    [303, 422],
  ),
  row('of a program is not taken', upload('a.txt', 'text/plain', '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0'), 422),
  row(
    'of a program of Windows is not taken',
    upload('a.png', 'image/png', `MZ\x90\0\x03\0\0\0${'\0'.repeat(100)}`),
    422,
  ),
  row('of an archive is not taken', upload('a.txt', 'text/plain', `PK\x03\x04${'\0'.repeat(100)}`), 422),
  row('of a GIF with a program in it is not taken', upload('a.txt', 'text/plain', 'GIF89a/*\0\0*/=1;alert(1)'), 422),
  row('of text with NUL in it is no text', upload('a.txt', 'text/plain', 'a\0b'), 422),
  row('of bytes that are no text is no text', upload('a.txt', 'text/plain', '\xff\xfe\xfd\xfc\x80'), 422),
  row('of nothing is not taken', upload('a.txt', 'text/plain', ''), [303, 422]),
  row('that is not a type changes nothing', upload('a.txt', '<script>', '\x7fELF\x02\x01\x01\0'), 422, {
    keepsBack: /<script/,
  }),
  row(
    'of a text where a file is asked for is refused',
    post('/upload', 'application/x-www-form-urlencoded', 'note=x&file=a.txt'),
    422,
  ),
  row(
    'of a text in a part where a file is asked for is refused',
    multipart('/upload', field('note', 'x') + field('file', 'a.txt') + end),
    422,
  ),
  row(
    'of a file where a text is asked for is refused',
    multipart('/typed', file('user', 'a.txt', 'Ada') + end),
    [415, 422],
  ),
  row(
    'of a file where an amount is asked for is refused',
    multipart('/pay', file('amount', 'a.txt', '5') + end),
    [415, 422],
  ),
  row(
    'of a file that nobody kept is refused',
    multipart('/upload', field('note', 'x') + field('_kept.file', '../../etc/passwd') + end),
    422,
  ),
  row(
    'of a file that somebody else kept is refused',
    multipart(
      '/upload',
      field('note', 'x') + field('_kept.file', 'A'.repeat(200)) + field('_remove.file', 'A'.repeat(200)) + end,
    ),
    422,
  ),
  row(
    'of a thousand files that nobody kept is refused',
    multipart('/upload', field('note', 'x') + field('_kept.file', 'A'.repeat(100)).repeat(900) + end),
    [413, 422],
  ),
])
