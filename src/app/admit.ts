import { readCookies } from '../http/cookies.ts'
import { judge, type Provenance } from '../origin/judge.ts'
import { cookieKindFor } from '../session/cookie-name.ts'
import { refusal, viewerOf } from './failure.ts'
import type { Reply } from './reply.ts'
import type { Admitted, Routed } from './stations.ts'

/** Judges where the request comes from, by its headers alone. A stranger leaves with 403; the body is still unread. */
export function admit(routed: Routed): Admitted | Reply {
  const { received, config, path } = routed
  const { request, url } = received
  const cookies = readCookies(request.headers.get('cookie'))
  const kind = cookieKindFor(isForwarded(request, config) ? 'https:' : url.href)
  const cookie = cookies[kind.name]
  const from = new RequestProvenance(request, url, cookie !== undefined)
  const verdict = config.unjudgedPaths.has(path) ? { kind: 'admitted' as const } : judge(from, config.trustedOrigins)
  if (verdict.kind === 'refused') {
    return refusal(viewerOf(routed), { code: 'origin/refused', detail: explain(from, verdict.reason) })
  }
  const admission = verdict.kind === 'needs-token' ? 'needs-token' : 'origin-known'
  const device = () => ({
    userAgent: request.headers.get('user-agent') ?? '',
    address: config.keepsAddress ? (received.address() ?? '') : '',
  })
  return { ...routed, admission, cookies, arrival: { kind, cookie, device } }
}

// A proxy in front that was not named may ask for this machine under any name. Its visitors are not on this machine.
function isForwarded({ headers }: Request, { env }: Admitted['config']): boolean {
  return env === 'production' && forwardingHeaders.some((name) => headers.has(name))
}

const forwardingHeaders: readonly string[] = ['via', 'forwarded', 'x-forwarded-for']

// Reads a header only when the judge asks for it; the origin of the address costs a parse.
class RequestProvenance implements Provenance {
  readonly #request: Request
  readonly #url: URL
  readonly carriesSession: boolean

  constructor(request: Request, url: URL, carriesSession: boolean) {
    this.#request = request
    this.#url = url
    this.carriesSession = carriesSession
  }

  get method(): string {
    return this.#request.method
  }

  get site(): string | null {
    return this.#request.headers.get('sec-fetch-site')
  }

  get origin(): string | null {
    return this.#request.headers.get('origin')
  }

  get self(): string {
    return this.#url.origin
  }
}

function explain({ site, origin, self }: Provenance, reason: string): string {
  return [
    `Refused as ${reason}.`,
    `Seen: Sec-Fetch-Site ${site ?? 'missing'}, Origin ${origin ?? 'missing'}.`,
    `Expected: Sec-Fetch-Site same-origin or none; without it, Origin ${self}.`,
    origin === null || origin === 'null'
      ? 'A page with the referrer policy no-referrer sends Origin null: choose another policy.'
      : `If pages of ${origin} may post here, add it: new Dewar({ trustedOrigins: [${JSON.stringify(origin)}] }).`,
    'If a proxy in front speaks https, tell serve about it: serve(app, { trustProxy: [its address] }).',
    'If this is a webhook, name its exact path in unsafelySkipOriginCheck.',
  ].join('\n')
}
