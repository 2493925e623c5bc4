import { createServer } from 'node:net'
import { environmentVariable } from '../app/environment.ts'
import { cookieKindFor } from '../session/cookie-name.ts'
import { lineOf } from './failure.ts'
import type { Finding } from './finding.ts'

/** Whether `serve` could listen where HOST and PORT say, and what browsers will make of the cookies of that address. */
export async function checkAddress(): Promise<readonly Finding[]> {
  const host = environmentVariable('HOST') ?? '127.0.0.1'
  const port = Number(environmentVariable('PORT') ?? 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    const says = `PORT is ${JSON.stringify(environmentVariable('PORT'))}; it must be a whole number from 0 to 65535.`
    return [{ verdict: 'fail', about: 'address', says }]
  }
  return [judgeListening(`${host} port ${port}`, await listen(host, port)), judgeCookies(host, port)]
}

/** Listens for a moment. Gives what went wrong, or `null`. */
function listen(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ host, port }, () => server.close(() => resolve(null)))
  })
}

function judgeListening(where: string, error: NodeJS.ErrnoException | null): Finding {
  const about = 'address'
  if (error === null) {
    return {
      verdict: 'ok',
      about,
      says: `${where}, by HOST and PORT, is free. serve(app, { host, port }) may say another.`,
    }
  }
  if (error.code === 'EADDRINUSE') {
    return { verdict: 'warn', about, says: `${where} is in use. If it is not by this app, set HOST or PORT.` }
  }
  return { verdict: 'fail', about, says: `Nobody can listen on ${where}: ${lineOf(error)}. Set HOST or PORT.` }
}

// The cookies of an address that browsers do not take for this machine are Secure: over http they are dropped.
function judgeCookies(host: string, port: number): Finding {
  const about = 'cookies'
  const { secure } = cookieKindFor(`http://${host.includes(':') ? `[${host}]` : host}:${port}/`)
  const proxy =
    'put a proxy that speaks https in front, and name it: dewar start --trust-proxy, or serve(app, { trustProxy })'
  if (!secure)
    return { verdict: 'ok', about, says: `${host} is this machine alone. For visitors from elsewhere, ${proxy}.` }
  const says = `${host} is open to others, whose browsers drop the cookies, which are Secure, over plain http: ${proxy}.`
  return { verdict: 'warn', about, says }
}
