import { actionOf, isOfEpoch, readToken, tokenField } from '../once/token.ts'
import { refusal, viewerOf } from './failure.ts'
import type { RouteOnce } from './once-options.ts'
import { open } from './open.ts'
import type { Reply } from './reply.ts'
import type { Proven, Submitted } from './stations.ts'
import { submissionOf } from './submission.ts'

/**
 * Proves by the form's token which submission this is, where a route does something once, and where a request comes from
 * that does not say so itself. What comes from our own pages without a token goes on to be shown its form again; what
 * might come from a stranger leaves with 403.
 */
export function prove(submitted: Submitted): Proven | Reply | Promise<Proven | Reply> {
  const { admission, target, fields } = submitted
  const rules = target.kind === 'submit' || target.kind === 'handler' ? target.rules.once : null
  const submission = rules === null || fields === null ? null : submissionOf(submitted, rules, nowOf(submitted))
  if (submission !== null) return { ...submitted, proof: 'token', submission, lack: null }
  if (admission === 'origin-known') {
    const lack = rules !== null && needsToken(submitted, rules) ? lackOfToken : null
    return { ...submitted, proof: 'origin', submission: null, lack }
  }
  if (target.kind === 'mount' && target.app !== null) return asIs(submitted) // it proves for itself, by its own keys
  return proveByToken(submitted, rules)
}

const lackOfToken = { code: 'once/token-missing', result: null } as const

function asIs(submitted: Submitted): Proven {
  return { ...submitted, proof: 'origin', submission: null, lack: null }
}

function needsToken(submitted: Submitted, { allowsMissingToken }: RouteOnce): boolean {
  if (allowsMissingToken && submitted.fields?.has(tokenField) !== true) return false
  return isFromPage(submitted)
}

// A browser says where a form comes from. What says nothing, and has no cookie, is a program: it does what it is told
// each time. So is what a page of another site sends that is trusted, and what is exempt.
function isFromPage({ received, config, path, arrival }: Submitted): boolean {
  const { headers } = received.request
  if (config.unjudgedPaths.has(path)) return false
  const origin = headers.get('origin')
  if (origin !== null && origin !== 'null' && origin !== received.url.origin) return false
  return origin !== null || headers.has('sec-fetch-site') || arrival.cookie !== undefined
}

// What it is proven against is the session, so that one is opened first.
async function proveByToken(submitted: Submitted, rules: RouteOnce | null): Promise<Proven | Reply> {
  const nothing = { submission: null, lack: null }
  const { live, opening } = await open({ ...submitted, ...nothing, proof: 'not-yet' })
  const opened = { ...submitted, ...nothing, live, opening }
  const session = live.state
  if (session === null) return { ...opened, proof: 'origin' } // the cookie opens nothing, so there is nobody's trust to abuse
  const { config, received, fields, excess } = submitted
  const subject = { family: session.family, action: actionOf(received.url.pathname) }
  const keys = config.keyring.keysFor('form-token')
  const proven = readToken(fields?.get(tokenField) ?? '', subject, { keys, nowSeconds: live.nowSeconds })
  if (rules === null && proven !== null && isOfEpoch(proven, session.epoch)) return { ...opened, proof: 'token' }
  if (excess !== null) return refusal(viewerOf(submitted), excess) // the token may have come after it
  const detail = 'The request has neither Sec-Fetch-Site nor Origin, and its form has no valid token.'
  return refusal(viewerOf(submitted), { code: 'form/token-refused', detail })
}

function nowOf({ config }: Submitted): number {
  return Math.floor(config.clock.now() / 1000)
}
