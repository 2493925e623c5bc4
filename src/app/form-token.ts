import { type Html, html } from '../html/html.ts'
import { nonceOf } from '../once/record-key.ts'
import { actionOf, mintToken, tokenField } from '../once/token.ts'
import { normalPath } from '../routing/path.ts'
import { onceFormHeader } from './once-next.ts'
import type { RouteOnce } from './once-options.ts'
import type { RequestContext } from './request-context.ts'
import type { Opened } from './stations.ts'

/**
 * The hidden input with the token of a form that posts to this address. A form that is submitted once has one for
 * everybody: a visitor without a session is greeted. For the others a visitor without a session needs none: there is
 * nobody's trust to abuse.
 */
export function hiddenFor(opened: Opened, context: RequestContext, action: string): Html | null {
  const { live } = opened
  const path = actionOf(action)
  teachAction(opened, context, path)
  const rules = rulesAt(opened, path)
  const family = rules === null ? live.state?.family : live.greet()
  if (family === undefined) return null
  const token = tokenAgain(opened, path) ?? newToken(opened, context, { action: path, family, rules })
  return html`<input type="hidden" name="${tokenField}" value="${token}">`
}

/** The next token of the form that a script has sent, if it names one that is submitted once. */
export function nextToken(opened: Opened, context: RequestContext): string | null {
  const path = context.request.headers.get(onceFormHeader)
  if (path === null) return null
  const action = actionOf(path)
  const rules = rulesAt(opened, action)
  return rules && newToken(opened, context, { action, family: opened.live.greet(), rules })
}

// A form that is shown again because something in it was wrong is still the same one.
function tokenAgain({ submission, lack, received, live }: Opened, path: string): string | null {
  if (submission === null || lack !== null || path !== actionOf(received.url.pathname)) return null
  return submission.visitor.family === live.greet() ? submission.token : null
}

interface Wanted {
  readonly action: string
  readonly family: string
  readonly rules: RouteOnce | null
}

function newToken(opened: Opened, context: RequestContext, { action, family, rules }: Wanted): string {
  const { config, live, lack } = opened
  const [key] = config.keyring.keysFor('form-token')
  const nonce = rules === null || lack !== null ? undefined : nonceFor(opened, context, rules)
  const { incarnation } = config.keeper
  const parts = { epoch: live.state?.epoch ?? 0, incarnation, ...(nonce && { nonce }) }
  return mintToken({ family, action }, parts, { key, nowSeconds: live.nowSeconds, random: config.random })
}

function nonceFor({ target, config }: Opened, context: RequestContext, rules: RouteOnce): Uint8Array | undefined {
  const { intent, instance } = rules
  const isOwn = target.kind === 'form' || target.kind === 'submit'
  const facts = [
    instance === 'url' ? context.page : null,
    // `app.form` has checked that the intent takes what its route gives: this is the context of that route.
    intent === null || !isOwn ? null : intent(context as never).map((fact) => `${typeof fact} ${fact}`),
  ]
  if (facts.every((fact) => fact === null)) return undefined
  return nonceOf(JSON.stringify(facts), config.keyring.keysFor('submission')[0])
}

// A slip of the pen here is a form that nobody takes, or one without its token.
function teachAction(opened: Opened, context: RequestContext, path: string): void {
  const { lessons } = opened.config
  if (lessons === null || matchOf(opened, path).kind !== 'missing') return
  const text = `has a form for ${path}, and no route of this app is there. hidden(…) and formFor(…) take the action of the form.`
  lessons.tell(context, 'form-without-route', text)
}

function matchOf({ routes, received }: Opened, action: string): ReturnType<Opened['routes']['match']> {
  return routes.match('POST', normalPath(action)?.slice(received.base.length) || '/')
}

function rulesAt(opened: Opened, action: string): RouteOnce | null {
  const match = matchOf(opened, action)
  if (match.kind !== 'found' || (match.target.kind !== 'submit' && match.target.kind !== 'handler')) return null
  return match.target.rules.once
}
