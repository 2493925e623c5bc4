/**
 * Captures what real clients send: `node --conditions=dewar-source test/vectors/multipart/capture.ts`. Writes a body for
 * each sending, and the index. See README.md.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { chromiumClient } from '../../clients/chromium-client.ts'
import { curlClient } from '../../clients/curl-client.ts'
import { factsOf } from '../../clients/meant.ts'
import { nodeClient } from '../../clients/node-client.ts'
import { perlClient } from '../../clients/perl-client.ts'
import { pythonClient } from '../../clients/python-client.ts'
import type { Client, Sending } from '../../clients/sending.ts'

const here = new URL('./', import.meta.url).pathname
const folder = await mkdtemp(join(tmpdir(), 'capture-'))
const arrived: { type: string; body: Buffer }[] = []
const server = createServer(async (request, response) => {
  if (request.method === 'POST') arrived.push(await read(request))
  response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html><title>Captured</title>')
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

for (const name of await readdir(here)) if (name.endsWith('.bin')) await rm(join(here, name))
const index: object[] = []
try {
  await capture(await chromiumClient(folder))
  await capture(await curlClient(folder))
  await capture(nodeClient())
  await capture(await pythonClient(join(folder, 'python')))
  await captureOlderPython()
  await capture(await perlClient(folder))
} finally {
  server.close()
  await rm(folder, { recursive: true })
}
await writeFile(join(here, 'index.json'), `${JSON.stringify(index, null, 1)}\n`)
console.log(`${index.length} captures`)

// The system's own Python, where another comes first: it has an older urllib3.
async function captureOlderPython(): Promise<void> {
  const first = await pythonClient(join(folder, 'first'))
  const older = await pythonClient(join(folder, 'older'), '/usr/bin/python3').catch(() => null)
  if (older !== null && older.version !== first.version) await capture(older, { names: /awkward|opened|rfc2231/, prefix: 'older-' })
}

async function capture(client: Client | null, { names = /^/, prefix = '' } = {}): Promise<void> {
  if (client === null) return
  try {
    const sendings = client.sendings.filter(({ name }) => names.test(name))
    for (const sending of sendings) index.push(await take(sending, client.version, prefix + sending.name))
  } finally {
    await client.close()
  }
}

async function take({ entries, send, ...told }: Sending, client: string, name: string): Promise<object> {
  await send(url)
  const [{ type, body } = { type: '', body: Buffer.alloc(0) }, ...more] = arrived.splice(0)
  if (body.length === 0 || more.length > 0) throw new Error(`${name} did not send one body.`)
  await writeFile(join(here, `${name}.bin`), body)
  return { ...told, name, client, contentType: type, entries: factsOf(entries) }
}

async function read(request: IncomingMessage): Promise<{ type: string; body: Buffer }> {
  return { type: request.headers['content-type'] ?? '', body: await buffer(request) }
}
