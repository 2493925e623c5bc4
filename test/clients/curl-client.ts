import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { curlPath } from '../browser/needs.ts'
import { everyday } from './awkward.ts'
import { letter, nothing, photo } from './contents.ts'
import { field, file, type Meant, withBackslashesDoubled } from './meant.ts'
import { type Client, layOut, type Sending } from './sending.ts'

const run = promisify(execFile)

/** curl with `-F`. It writes files to the folder. */
export async function curlClient(folder: string): Promise<Client> {
  const { stdout } = await run(curlPath, ['--version'])
  return {
    version: stdout.split(' ').slice(0, 2).join(' '),
    sendings: [
      await everydayForm(`${folder}/curl-everyday`),
      await quotes(`${folder}/curl-quotes`),
      await escaped(`${folder}/curl-escape`),
      await types(`${folder}/curl-types`),
      await standardInput(`${folder}/curl-stdin`),
      await mixed(`${folder}/curl-mixed`),
      encoded(),
    ],
    sendFile: (url, path) => curl(['--header', 'Expect:', '--form', `file=@${inQuotes(path)}`, url]), // asks nobody first
    close: async () => {},
  }
}

async function everydayForm(folder: string): Promise<Sending> {
  const paths = await layOut(folder, everyday)
  const parts = everyday.flatMap((entry) => {
    if ('value' in entry) return ['--form-string', `${entry.name}=${entry.value}`]
    return ['--form', `${entry.name}=@${inQuotes(paths.shift() ?? '')};type=${entry.type}`]
  })
  return sending('curl-everyday', everyday, parts)
}

// What -F would take for its own: a leading @ or <, and ;type=. Names and file names with quotes, line ends and percents.
async function quotes(folder: string): Promise<Sending> {
  const entries = [
    field('at', '@nobody'),
    field('less', '<5;type=text/html'),
    field('a "quoted" name', 'x'),
    field('back\\slash', 'x'),
    field('100%', '50%25'),
    field('lines', 'one\ntwo\r\nthree\r'),
    file('file', 'a "quoted" file.txt', letter, 'text/plain'),
    file('file', 'line\nand\rreturn.txt', letter, 'text/plain'),
    file('file', 'C:\\photos\\me.png', photo, 'image/png'),
    file('file', 'me; or you, 50%.png', photo, 'image/png'),
    file('näme', 'näme', nothing, 'application/octet-stream'),
  ]
  const paths = await layOut(folder, entries)
  const parts = entries.flatMap((entry) => {
    if ('value' in entry) return ['--form-string', `${entry.name}=${entry.value}`]
    return ['-F', `${entry.name}=@${inQuotes(paths.shift() ?? '')};filename=${inQuotes(entry.filename)}`]
  })
  return sending('curl-quotes', entries, parts)
}

// As curl before 7.81 wrote names: a backslash before quotes and before backslashes.
async function escaped(folder: string): Promise<Sending> {
  const meant = [
    field('a "quoted" name', 'x'),
    field('"', 'x'),
    field('back\\slash', 'x'),
    file('file', 'a "quoted" file.txt', letter, 'text/plain'),
    file('file', '"', letter, 'application/octet-stream'),
    file('file', 'C:\\photos\\me.png', photo, 'image/png'),
  ]
  const paths = await layOut(folder, meant)
  const parts = meant.flatMap((entry) => {
    if ('value' in entry) return ['--form-string', `${entry.name}=${entry.value}`]
    return ['-F', `${entry.name}=@${inQuotes(paths.shift() ?? '')};filename=${inQuotes(entry.filename)}`]
  })
  const loses =
    'How many backslashes were meant: it doubles them. A browser that sends two means two, so they arrive as sent.'
  return { ...sending('curl-escape', meant.map(withBackslashesDoubled), ['--form-escape', ...parts]), loses }
}

async function types(folder: string): Promise<Sending> {
  const entries = [
    field('json', '{"a":"ä"}'),
    field('html', '<p>ü</p>'),
    field('letter', letter.toString()),
    file('file', 'letter', letter, 'text/markdown; charset=utf-8'),
    file('file', 'photo.png', photo, 'image/png'),
  ]
  const [letterPath = '', photoPath = ''] = await layOut(folder, entries)
  return sending('curl-types', entries, [
    ...['-F', 'json={"a":"ä"};type=application/json'],
    ...['-F', 'html="<p>ü</p>";type=text/html;charset=utf-8;headers="X-Custom: 1";encoder=8bit'],
    ...['-F', `letter=<${letterPath}`],
    ...['-F', `file=@${letterPath};type=text/markdown; charset=utf-8;headers="X-Custom: 2"`],
    ...['-F', `file=@${photoPath};encoder=binary`],
  ])
}

async function standardInput(folder: string): Promise<Sending> {
  const entries = [field('note', 'chunked'), file('file', '-', photo)] // read from a pipe, it has no type
  const [path = ''] = await layOut(folder, entries)
  const args = ['-F', 'note=chunked', '-F', 'file=@-']
  return { ...sending('curl-stdin', entries, args), send: (url) => curlReading(path, [...args, url]) }
}

// RFC 7578 §4.3 wants a part for each file; for a list curl writes one part of multipart/mixed.
async function mixed(folder: string): Promise<Sending> {
  const entries = [file('files', 'a.txt', letter, 'text/plain'), file('files', 'b.txt', letter, 'text/plain')]
  const paths = await layOut(folder, entries)
  return { ...sending('curl-mixed', entries, ['-F', `files=@${paths.map(inQuotes).join(',')}`]), isUnopened: true }
}

// RFC 7578 §4.7: no Content-Transfer-Encoding in a form
function encoded(): Sending {
  const args = ['-F', 'note=hello;encoder=base64']
  return { ...sending('curl-base64', [field('note', 'hello')], args), refused: 'form/multipart-malformed' }
}

function sending(name: string, entries: readonly Meant[], parts: readonly string[]): Sending {
  return { name, entries, send: (url) => curl([...parts, url]) }
}

// In quotes, with a backslash before quotes and backslashes: the grammar of -F, not of the body
function inQuotes(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

const quietly = ['--silent', '--show-error', '--output', '/dev/null', '--write-out', '%{http_code}']

async function curl(args: readonly string[]): Promise<number> {
  return Number((await run(curlPath, [...quietly, ...args])).stdout)
}

async function curlReading(path: string, args: readonly string[]): Promise<number> {
  const script = 'input=$1; shift; exec "$@" < "$input"'
  return Number((await run('/bin/sh', ['-c', script, 'sh', path, curlPath, ...quietly, ...args])).stdout)
}
