import type { Environment } from './environment.ts'
import { tell } from './tell.ts'

/** What a log line says about its request. No query: it may hold what a person typed. */
interface Logged {
  readonly request: Request
  readonly url: URL
}

/** Writes an error whole to the log: readable in development, one JSON line in production. */
export function logError(env: Environment, error: unknown, { request, url }: Logged): void {
  const { method } = request
  const path = url.pathname
  if (env === 'development') {
    console.error(`${method} ${path} failed. ${tell(error)}`)
    return
  }
  const line = {
    time: new Date().toISOString(),
    level: 'error',
    event: 'request-failed',
    method,
    path,
    error: tell(error),
  }
  console.error(JSON.stringify(line))
}
