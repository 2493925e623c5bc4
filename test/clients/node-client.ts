import { openAsBlob } from 'node:fs'
import { awkward, decodedPercents, everyday, percents } from './awkward.ts'
import { field, type Meant } from './meant.ts'
import type { Client, Sending } from './sending.ts'

/** The `fetch` and `FormData` of this very Node. */
export function nodeClient(): Client {
  const loses = 'Whether %22, %0D and %0A in a name stand for a character. HTML §4.10.22.8 has it so.'
  return {
    version: `Node ${process.versions.node}, undici ${process.versions.undici}`,
    sendings: [
      sending('node-everyday', everyday),
      {
        ...sending('node-awkward', awkward),
        entries: awkward.map(withoutNamelessFile),
        loses: 'A file without a name.',
      },
      { ...sending('node-percents', percents), entries: decodedPercents, loses },
    ],
    async sendFile(url, path) {
      const body = new FormData()
      body.append('file', await openAsBlob(path), 'large.bin')
      return postBody(url, body)
    },
    close: async () => {},
  }
}

function sending(name: string, entries: readonly Meant[]): Sending {
  return { name, entries, send: (url) => post(url, entries) }
}

async function post(url: string, entries: readonly Meant[]): Promise<number> {
  const body = new FormData()
  for (const entry of entries) {
    if ('value' in entry) body.append(entry.name, entry.value)
    else body.append(entry.name, new File([Buffer.from(entry.bytes)], entry.filename, { type: typeOf(entry.type) }))
  }
  return postBody(url, body)
}

async function postBody(url: string, body: FormData): Promise<number> {
  const answer = await fetch(url, { method: 'POST', body })
  await answer.arrayBuffer()
  return answer.status
}

// undici leaves out a file name that is empty.
function withoutNamelessFile(entry: Meant): Meant {
  return 'filename' in entry && entry.filename === '' ? field(entry.name, '') : entry
}

// A File of no type is sent as application/octet-stream.
function typeOf(type: string | null): string {
  return type === null || type === 'application/octet-stream' ? '' : type
}
