import type { IncomingMessage } from 'node:http'
import type { App } from './travel.ts'

/** A server that listens somewhere, asked over a connection of its own for each request. */
export const overSocket: App = {
  async fetch(request) {
    const url = new URL(request.url)
    const { request: connect } = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
    const body = new Uint8Array(await request.arrayBuffer())
    const { method, signal } = request
    return new Promise((resolve, reject) => {
      const [target = ''] = url.href.slice(url.origin.length).split('#') // `search` of a lone question mark is empty
      const options = { method, path: target, agent: false, headers: Object.fromEntries(request.headers) } as const
      const asking = connect(url, options, (answer) => responseOf(answer).then(resolve, reject))
      asking.on('error', (error) => reject(new Error(`${method} ${url.href}: ${error.message}`, { cause: error })))
      asking.end(body)
      // Who leaves has sent it all the same.
      const leave = () => (asking.writableFinished ? asking.destroy() : asking.once('finish', () => asking.destroy()))
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave)
    })
  },
}

async function responseOf(answer: IncomingMessage): Promise<Response> {
  const chunks: Uint8Array[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const headers = new Headers()
  const { rawHeaders, statusCode: status = 0 } = answer
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  // What comes from a socket is never in shared memory.
  const body = bodiless.includes(status) ? null : new Blob(chunks as Uint8Array<ArrayBuffer>[])
  return new Response(body, { status, headers })
}

// Fetch §2.2.3, "null body status"
const bodiless: readonly number[] = [204, 205, 304]
