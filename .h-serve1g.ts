import { openAsBlob, createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Dewar, attachment } from 'dewar'
import { serve } from 'dewar/node'
const path = '/tmp/h/1g.bin'
const size = 1024 ** 3
function pulled(piece: number) {
  let handle: any, at = 0
  return new ReadableStream({ async pull(c) {
    handle ??= await open(path)
    const b = new Uint8Array(piece)
    const { bytesRead } = await handle.read(b, 0, piece, at)
    if (bytesRead === 0) { await handle.close(); return c.close() }
    at += bytesRead
    c.enqueue(b.subarray(0, bytesRead))
  }, async cancel() { await handle?.close() } }, { highWaterMark: 0 })
}
function pulledSlow(piece: number) { // Buffer.allocUnsafeSlow
  let handle: any, at = 0
  return new ReadableStream({ async pull(c) {
    handle ??= await open(path)
    const b = Buffer.allocUnsafeSlow(piece)
    const { bytesRead } = await handle.read(b, 0, piece, at)
    if (bytesRead === 0) { await handle.close(); return c.close() }
    at += bytesRead
    c.enqueue(b.subarray(0, bytesRead))
  }, async cancel() { await handle?.close() } }, { highWaterMark: 0 })
}
const h = { 'content-length': String(size) }
const app = new Dewar()
app.get('/ours', () => attachment(path))
for (const k of [16, 64, 128, 256, 1024]) app.get(`/pull${k}` as '/x', () => new Response(pulled(k * 1024), { headers: h }))
for (const k of [64, 128, 256]) app.get(`/slow${k}` as '/x', () => new Response(pulledSlow(k * 1024), { headers: h }))
app.get('/blob', async () => new Response((await openAsBlob(path)).stream(), { headers: h }))
app.get('/toweb', () => new Response(Readable.toWeb(createReadStream(path)) as any, { headers: h }))
app.get('/toweb256', () => new Response(Readable.toWeb(createReadStream(path, { highWaterMark: 256*1024 })) as any, { headers: h }))
app.get('/rss', () => ({ rss: process.memoryUsage().rss >> 20, ab: process.memoryUsage().arrayBuffers >> 20 }))
const server = await serve(app, { port: 0, quiet: true, stopOnSignals: false })
console.log(server.url)
let peak = 0
setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()) }, 20).unref()
process.on('SIGUSR2', () => { console.log('peak', peak >> 20, 'cpu', (process.cpuUsage().user/1e6).toFixed(2), (process.cpuUsage().system/1e6).toFixed(2)); peak = 0 })
