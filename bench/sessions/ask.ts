import { request } from 'node:http'

/** An answer, as far as the bench looks at it. */
export interface Answer {
  readonly status: number
  readonly setCookie: string | undefined
  readonly body: string
}

/** Asks a server as a browser would that is on its own page. */
export function ask(port: number, method: 'GET' | 'POST', path: string, cookie = ''): Promise<Answer> {
  const headers: Record<string, string> = { 'Sec-Fetch-Site': 'same-origin' }
  if (cookie !== '') headers.Cookie = cookie
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, setCookie: response.headers['set-cookie']?.[0], body }),
      )
    })
    sent.on('error', reject).end()
  })
}
