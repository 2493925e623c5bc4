import type { Received } from '../app/house.ts'
import { Reply } from '../app/reply.ts'
import { validate } from '../app/validator.ts'
import { escapeHtml } from '../html/escape.ts'
import { scriptPath } from './dev-script.ts'

/**
 * The same reply with the script that loads a page again, if it is a page and may run it. What told one version of the
 * page from another is made anew.
 */
export async function withScript({ request }: Received, reply: Reply, run: string): Promise<Reply> {
  if (typeof reply.body !== 'string' || !isPage(request, reply, reply.body) || !mayRun(reply)) return reply
  const tag = `<script src="${scriptPath}" data-run="${escapeHtml(run)}" data-method="${escapeHtml(methodOf(request))}" defer></script>`
  const headers = reply.headers.filter((_, at) => !ofOneVersion.includes(reply.headers[at - (at % 2)] ?? ''))
  return validate(request, new Reply(reply.status, headers, inserted(reply.body, tag)))
}

const ofOneVersion: readonly string[] = ['etag', 'last-modified', 'content-length', 'content-md5', 'digest']

function methodOf({ method }: Request): string {
  return method === 'HEAD' ? 'GET' : method
}

// What a script of a page asks for is no page, whatever it looks like.  Fetch Metadata §2.1
function isPage(request: Request, reply: Reply, body: string): boolean {
  if (!/^text\/html\b/i.test(reply.header('content-type') ?? '') || reply.header('content-encoding')) return false
  const destination = request.headers.get('sec-fetch-dest')
  if (destination !== null) return /^(?:document|i?frame)$/.test(destination)
  return /<!doctype\s+html|<\/body\s*>/i.test(body)
}

function inserted(body: string, tag: string): string {
  const last = [...body.matchAll(/<\/body\s*>/gi)].at(-1)
  if (last === undefined || !isNothing(body.slice(last.index + last[0].length))) return `${body}${tag}\n`
  return `${body.slice(0, last.index)}${tag}\n${body.slice(last.index)}`
}

// Where something else follows, the end of the body may be the words of a script or of a comment.
function isNothing(rest: string): boolean {
  const pieces = rest.matchAll(/\s+|<!--[\s\S]*?-->|<\/html\s*>/giy) // each where the one before it ends
  return [...pieces].map(([piece]) => piece).join('') === rest
}

// A page that may not run the script, or may not ask for what it asks, would only complain.  CSP 3 §6.1, §6.7
function mayRun(reply: Reply): boolean {
  return reply
    .values('content-security-policy')
    .flatMap((value) => value.split(','))
    .map(directivesOf)
    .every((policy) => {
      if (policy.has('sandbox')) return false
      const scripts = policy.get('script-src-elem') ?? policy.get('script-src') ?? policy.get('default-src')
      const asked = policy.get('connect-src') ?? policy.get('default-src')
      return allowsOwn(scripts) && !scripts?.includes("'strict-dynamic'") && allowsOwn(asked)
    })
}

function directivesOf(policy: string): ReadonlyMap<string, readonly string[]> {
  const directives = new Map<string, readonly string[]>()
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive.trim().toLowerCase().split(/\s+/)
    if (!directives.has(name)) directives.set(name, sources)
  }
  return directives
}

function allowsOwn(sources: readonly string[] | undefined): boolean {
  return sources === undefined || sources.some((source) => source === "'self'" || source === '*')
}
