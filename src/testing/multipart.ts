import type { Entry } from './entry-list.ts'
import type { Body } from './travel.ts'

/**
 * The entries as a browser writes them in `multipart/form-data`. Not left to `FormData`, which in Node forgets the
 * `filename` of a file input without a file. The caller gives a boundary that is not in the entries.
 * Rejects only when a file cannot be read.  HTML §4.10.22.8, RFC 7578
 */
export async function encodeMultipart(entries: readonly Entry[], boundary: string): Promise<Body> {
  const parts = entries.flatMap(([name, value]) => [`--${boundary}\r\n${partHead(name, value)}\r\n\r\n`, value, '\r\n'])
  const bytes = await new Blob([...parts, `--${boundary}--\r\n`]).arrayBuffer()
  return { type: `multipart/form-data; boundary=${boundary}`, bytes: new Uint8Array(bytes) }
}

function partHead(name: string, value: string | File): string {
  const disposition = `Content-Disposition: form-data; name="${quoted(name)}"`
  if (typeof value === 'string') return disposition
  return `${disposition}; filename="${quoted(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}`
}

function quoted(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}
