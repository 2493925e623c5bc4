import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const visitorCount = 512

const folder = mkdtempSync(join(tmpdir(), 'dewar-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true }))

/** An answer, as far as the bench looks at it. */
export interface Answer {
  status: number
  location: string | undefined
  /** What a browser would send back: `name=value; name=value`. */
  cookie: string
  body: string
}

/** Posts the form of one visitor, with the cookie of an earlier visit or with none. */
export function postName(port: number, name: string, cookie = ''): Promise<Answer> {
  return ask({ port, method: 'POST', path: '/submit', cookie }, new URLSearchParams({ username: name }).toString())
}

/** Reads the page after the redirect. */
export function readThankYou(port: number, cookie: string): Promise<Answer> {
  return ask({ port, method: 'GET', path: '/thankyou', cookie }, '')
}

/** 512 visitors post their names; the file has one line for each: cookie, tab, name. Gives its path. */
export async function makeVisitors(serverName: string, port: number): Promise<string> {
  const lines: string[] = []
  for (let visitor = 0; visitor < visitorCount; visitor++) {
    const name = `Visitor ${visitor}`
    const answer = await postName(port, name)
    if (answer.cookie === '') throw new Error(`POST gave no cookie (status ${answer.status})`)
    lines.push(`${answer.cookie}\t${name}`)
  }
  const path = join(folder, `${serverName}.tsv`)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

interface Question {
  port: number
  method: string
  path: string
  cookie: string
}

function ask({ port, method, path, cookie }: Question, form: string): Promise<Answer> {
  const headers: Record<string, string> = { 'Sec-Fetch-Site': 'same-origin' }
  if (cookie !== '') headers.Cookie = cookie
  if (method === 'POST') headers['Content-Type'] = 'application/x-www-form-urlencoded'
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => {
        const { location } = response.headers
        resolve({
          status: response.statusCode ?? 0,
          location,
          cookie: cookieSentBack(response.headers['set-cookie'] ?? []),
          body,
        })
      })
    })
    sent.on('error', reject).end(form)
  })
}

/** Of several cookies with one name a browser keeps the last.  RFC 6265 §5.3 */
function cookieSentBack(setCookieLines: readonly string[]): string {
  const pairs = setCookieLines.map((line) => line.split(';', 1)[0] ?? '')
  const lastByName = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair]))
  return [...lastByName.values()].join('; ')
}
