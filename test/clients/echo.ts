import { randomBytes } from 'node:crypto'
import { Dewar, html } from 'dewar'
import { photo, tricky } from './contents.ts'
import { type FileFacts, factsOf, file, type MeantField } from './meant.ts'

/** What an app got from a form: fields and files, each in the order sent. */
export interface Arrived {
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly files: readonly FileFacts[]
}

/** An app that tells what it got, in its answer and to the listener. It has a page, for browsers to send from. */
export function echoApp(folder: string, onArrival: (arrived: Arrived) => void = () => {}): Dewar {
  const secret = randomBytes(32).toString('base64url')
  const app = new Dewar({ secret, env: 'production', uploads: { folder } })
  app.get('/', () => html`<!DOCTYPE html><html lang="en"><title>Echo</title><h1>Echo</h1></html>`)
  app.post('/echo', ({ fields, files }) => {
    const arrived = tell({ fields: [...fields], files: [...files] })
    onArrival(arrived)
    return arrived
  })
  return app
}

interface Got {
  readonly fields: Arrived['fields']
  readonly files: readonly (readonly [name: string, Omit<FileFacts, 'name' | 'filename'> & { readonly name: string }])[]
}

function tell({ fields, files }: Got): Arrived {
  return {
    fields,
    files: files.map(([name, { name: filename, type, size, sha256 }]) => ({ name, filename, type, size, sha256 })),
  }
}

/** What an app should get of these entries: no file where none was chosen, and types as the contents say. */
export function expected(entries: readonly (MeantField | FileFacts)[]): Arrived {
  const files = entries.filter((entry) => 'sha256' in entry)
  return {
    fields: entries.filter((entry) => 'value' in entry).map(({ name, value }) => [name, value]),
    files: files
      .filter(({ filename, size }) => filename !== '' || size > 0)
      .map((entry) => ({ ...entry, type: judgedType(entry) })),
  }
}

function judgedType({ type, sha256 }: FileFacts): string {
  if (sha256 === hashOf(photo)) return 'image/png'
  if (sha256 === hashOf(tricky)) return 'application/octet-stream'
  const essence = (type ?? '').split(';')[0] ?? ''
  return essence.startsWith('text/') ? essence : 'text/plain'
}

function hashOf(bytes: Uint8Array): string {
  const [facts] = factsOf([file('', '', bytes)])
  return facts !== undefined && 'sha256' in facts ? facts.sha256 : ''
}
