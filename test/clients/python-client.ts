import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { awkward, decodedPercents, everyday, percents } from './awkward.ts'
import { letter, photo } from './contents.ts'
import { field, file, type Meant, withBackslashesDoubled } from './meant.ts'
import { type Client, layOut, type Sending } from './sending.ts'

/** What a Python has. */
interface Versions {
  readonly python: string
  readonly requests: string
  readonly urllib3: string
}

/** requests, urllib3, and what people write by hand, in one Python. It writes files to the folder. */
export async function pythonClient(folder: string, python = 'python3'): Promise<Client> {
  const versions: Versions = JSON.parse(await run(python, 'versions', ''))
  const sending = async ({ name, how, meant, arrives = meant, ...more }: Recipe): Promise<Sending> => {
    const paths = await layOut(`${folder}/${name}`, meant)
    const entries = meant.map((entry) => ('value' in entry ? entry : { ...entry, bytes: null, path: paths.shift() }))
    const send = (url: string): Promise<number> => post(python, how, { url, entries })
    return { name, entries: arrives, send, ...more }
  }
  return {
    version: `requests ${versions.requests}, urllib3 ${versions.urllib3}, Python ${versions.python}`,
    sendings: await Promise.all(recipesFor(versions).map(sending)),
    sendFile: (url, path) => post(python, 'with_requests', { url, entries: [{ name: 'file', type: null, path }] }),
    close: async () => {},
  }
}

interface Recipe extends Pick<Sending, 'name' | 'loses' | 'refused'> {
  /** The function of send.py. */
  readonly how: string
  readonly meant: readonly Meant[]
  /** What arrives, where the client loses something. */
  readonly arrives?: readonly Meant[]
}

const percentLoss = 'Whether %22, %0D and %0A in a name stand for a character.'
const backslashLoss = 'How many backslashes were meant: urllib3 before 2.0 doubles them. They arrive as sent.'

function recipesFor({ urllib3 }: Versions): Recipe[] {
  const doubles = Number.parseInt(urllib3, 10) < 2
  const doubled = doubles ? { arrives: awkward.map(withBackslashesDoubled), loses: backslashLoss } : {}
  return [
    { name: 'requests-everyday', how: 'with_requests', meant: everyday },
    { name: 'requests-opened', how: 'with_requests', meant: opened },
    { name: 'requests-awkward', how: 'with_requests', meant: awkward, ...doubled },
    { name: 'requests-percents', how: 'with_requests', meant: percents, arrives: decodedPercents, loses: percentLoss },
    { name: 'requests-alone', how: 'with_requests_alone', meant: everyday.filter((entry) => 'value' in entry) },
    { name: 'urllib3-everyday', how: 'with_urllib3', meant: everyday.toReversed() },
    { name: 'urllib3-rfc2231', how: 'with_urllib3_rfc2231', meant: extended },
    {
      name: 'urllib3-rfc2231-names',
      how: 'with_urllib3_rfc2231',
      meant: [field('straße', 'x')],
      refused: 'form/multipart-malformed', // a part with name*= and no name
    },
    { name: 'email-ascii', how: 'with_email', meant: byEmail },
    { name: 'email-unicode', how: 'with_email', meant: [field('title', 'Grüße')], refused: 'form/multipart-malformed' },
    { name: 'by-hand', how: 'by_hand', meant: everyday },
    { name: 'by-hand-copied', how: 'by_hand_as_often_copied', meant: everyday, refused: 'form/multipart-malformed' },
  ]
}

// What requests makes of `open(path)`: the name of the file, and no type.
const opened: readonly Meant[] = [
  field('note', 'as opened'),
  file('file', 'photo.png', photo),
  file('file', 'Grüße 東京 🗼.txt', letter),
  file('file', 'a "quoted" file, 50%.txt', letter),
]

const extended: readonly Meant[] = [
  field('title', 'Grüße'),
  file('file', 'plain.txt', letter, 'text/plain'),
  file('file', 'Grüße 東京 🗼.txt', letter, 'text/plain'),
  file('file', 'a "quoted" \\ file; 50%\'s.txt', letter, 'text/plain'),
]

// The email package writes every line end as CRLF, in files too.
const byEmail: readonly Meant[] = [
  field('title', 'Greetings'),
  field('lines', 'one\r\ntwo\r\n'),
  file('file', 'plain.txt', Buffer.from('Dear Ada,\r\nyours'), 'application/octet-stream'),
  file(
    'file',
    'Grüße 東京 🗼 and some more words, to be longer than a line may be.txt',
    Buffer.from('x'),
    'application/octet-stream',
  ),
]

async function post(python: string, how: string, form: object): Promise<number> {
  return Number(await run(python, how, JSON.stringify(form)))
}

async function run(python: string, how: string, input: string): Promise<string> {
  const script = fileURLToPath(new URL('send.py', import.meta.url))
  const child = spawn(python, ['-W', 'ignore', script, how], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(input)
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`${python} ${how} ended with ${code}.`)
  return output
}
