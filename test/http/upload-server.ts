import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Dewar } from '../../src/index.ts'
import { serve } from '../../src/node.ts'

// A process of its own, so that its memory and its descriptors are only those of uploads.

const [, , folder = ''] = process.argv
const gibibyte = 1024 ** 3
const limits = { multipartBytes: 2 * gibibyte, fileBytes: 2 * gibibyte, bodyBytes: 2 * gibibyte }

const app = new Dewar({ uploads: { folder } })
let peakBytes = 0
setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
}, 5).unref()

app.post('/upload', ({ files }) => [...files].map(([, { size, sha256 }]) => ({ size, sha256 })), { limits })

// Takes 64 KiB or so in 10 ms.
app.post(
  '/slow',
  async ({ request }) => {
    let bytes = 0
    for await (const chunk of request.body ?? []) {
      bytes += chunk.length
      await setTimeout(10)
    }
    return { bytes }
  },
  { limits },
)

app.get('/stats', ({ query }) => {
  if (query.has('collect')) globalThis.gc?.()
  const rssBytes = process.memoryUsage.rss()
  const stats = { rssBytes, peakBytes, descriptors: count('/proc/self/fd'), parts: count(join(folder, '.tmp')) }
  if (query.has('reset')) peakBytes = rssBytes
  return stats
})

function count(path: string): number {
  try {
    return readdirSync(path).length
  } catch {
    return 0
  }
}

await serve(app, { port: 0 })
