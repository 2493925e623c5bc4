import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Server, serve } from 'dewar/node'
import { chromiumPath, curlPath, skipWithout } from '../browser/needs.ts'
import { chromiumClient } from './chromium-client.ts'
import { curlClient } from './curl-client.ts'
import { type Arrived, echoApp, expected } from './echo.ts'
import { factsOf } from './meant.ts'
import { skipWithoutRequests } from './needs.ts'
import { nodeClient } from './node-client.ts'
import { pythonClient } from './python-client.ts'
import type { Client, Sending } from './sending.ts'

const clients: readonly [name: string, skip: string | false, start: (folder: string) => Promise<Client>][] = [
  ['Chromium', skipWithout(chromiumPath), chromiumClient],
  ['curl', skipWithout(curlPath), curlClient],
  ['the fetch of Node', false, async () => nodeClient()],
  ['Python', skipWithoutRequests(), (folder) => pythonClient(folder)],
]

for (const [name, skip, start] of clients) {
  describe(`what ${name} sends over a socket`, { skip }, () => {
    let folder: string
    let client: Client
    let server: Server
    const arrivals: Arrived[] = []

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'live-'))
      const app = echoApp(join(folder, 'uploads'), (arrived) => arrivals.push(arrived))
      server = await serve(app, { port: 0, quiet: true, stopOnSignals: false })
      client = await start(folder)
    })

    after(async () => {
      await client.close()
      await server.stop()
      await rm(folder, { recursive: true })
    })

    it('arrives as it was meant, or is refused', async (t) => {
      for (const sending of client.sendings) {
        await t.test(`${sending.name} (${client.version})`, async () => {
          const status = await sending.send(`${server.url}/echo`)
          assertArrived(sending, status, arrivals.splice(0))
        })
      }
    })

    it('gets an answer, and no broken connection, for a file that is far too large', async () => {
      const path = join(folder, 'large.bin')
      await writeFile(path, '')
      await truncate(path, 60 * 1024 ** 2)
      assert.equal(await client.sendFile(`${server.url}/echo`, path), 413)
      assert.deepEqual(arrivals, [])
    })

    it('leaves no file behind', async () => {
      assert.deepEqual(await readdir(join(folder, 'uploads/.tmp')), [])
    })
  })
}

function assertArrived({ entries, refused, isUnopened }: Sending, status: number, arrivals: readonly Arrived[]): void {
  if (refused !== undefined) {
    assert.deepEqual([status, arrivals], [400, []])
    return
  }
  assert.deepEqual([status, arrivals.length], [200, 1])
  if (isUnopened) assert.deepEqual([arrivals[0]?.fields.length, arrivals[0]?.files], [1, []])
  else assert.deepEqual(arrivals[0], expected(factsOf(entries)))
}
