import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { letter, photo } from './contents.ts'
import { field, file, type Meant, withBackslashesDoubled } from './meant.ts'
import { type Client, layOut, type Sending } from './sending.ts'

/** The libwww-perl of this machine; `null` if it has none. It writes files to the folder. */
export async function perlClient(folder: string): Promise<Client | null> {
  const version = await run('-MHTTP::Request::Common', '-MLWP', '-e', versions).catch(() => null)
  if (version === null) return null
  const paths = await layOut(`${folder}/perl`, meant)
  return { version, sendings: [sending(paths)], sendFile, close: async () => {} }
}

const versions = 'print "libwww-perl $LWP::VERSION, HTTP::Request::Common $HTTP::Request::Common::VERSION"'

const meant: readonly Meant[] = [
  field('title', 'Grüße aus 東京 🗼'),
  field('a "quoted" name', 'x\ny'),
  field('back\\slash', ''),
  file('file', 'photo.png', photo, 'image/png'),
  file('file', 'Grüße "東京" 50%.txt', letter, 'text/plain'),
  file('file', 'C:\\letter.txt', letter, 'text/plain'),
]

function sending(paths: readonly string[]): Sending {
  const rest = [...paths]
  const args = meant.flatMap((entry) =>
    'value' in entry ? ['field', entry.name, entry.value] : ['file', entry.name, rest.shift() ?? '', entry.filename],
  )
  return {
    name: 'perl',
    entries: meant.map(withBackslashesDoubled),
    loses: 'How many backslashes were meant: it doubles them. They arrive as sent.',
    send: (url) => post(url, ...args),
  }
}

function sendFile(url: string, path: string): Promise<number> {
  return post(url, 'file', 'file', path, 'large.bin')
}

async function post(...args: readonly string[]): Promise<number> {
  return Number(await run(fileURLToPath(new URL('send.pl', import.meta.url)), ...args))
}

async function run(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('/usr/bin/perl', args)).stdout
}
