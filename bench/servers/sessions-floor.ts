/** The least that a page with a session on SQLite can cost: no check of the lifetime, no secret beside the id, no framework. */
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { escapeHtml, thankYouPage } from './page.ts'
import { host, port } from './settings.ts'

const database = new DatabaseSync(process.env.SESSIONS_FILE ?? '')
database.exec('PRAGMA cache_size = -16384') // as much as Dewar's
const find = database.prepare('SELECT content FROM sessions WHERE id = ?')

createServer((request, response) => {
  if (request.method !== 'GET' || request.url !== '/thankyou') return response.writeHead(404).end()
  const page = thankYouPage(escapeHtml(nameIn(request.headers.cookie)))
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'private, no-cache',
    Vary: 'Cookie',
    'Content-Length': Buffer.byteLength(page),
  })
  return response.end(page)
}).listen(port, host)

function nameIn(cookies = ''): string {
  const id = /(?:^|; )session=([^;]*)/.exec(cookies)?.[1]
  const row = id === undefined ? undefined : find.get(id)
  return row === undefined ? 'stranger' : JSON.parse(String(row.content)).username
}
