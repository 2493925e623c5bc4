import { actionOf, proveToken, tokenField } from '../once/token.ts'
import { refusal, viewerOf } from './failure.ts'
import { open } from './open.ts'
import type { Reply } from './reply.ts'
import type { Proven, Submitted } from './stations.ts'

/** Proves by the form's token where a request comes from that does not say so itself. Without a proof it leaves with 403. */
export function prove(submitted: Submitted): Proven | Reply | Promise<Proven | Reply> {
  const { admission, target } = submitted
  if (admission === 'origin-known') return { ...submitted, proof: 'origin' }
  if (target.kind === 'mount' && target.isApp) return { ...submitted, proof: 'origin' } // it proves for itself, by its own keys
  return proveByToken(submitted)
}

// What it is proven against is the session, so that one is opened first.
async function proveByToken(submitted: Submitted): Promise<Proven | Reply> {
  const { live, opening } = await open({ ...submitted, proof: 'not-yet' })
  const opened = { ...submitted, live, opening }
  const session = live.state
  if (session === null) return { ...opened, proof: 'origin' } // the cookie opens nothing, so there is nobody's trust to abuse
  const { config, received, fields, excess } = submitted
  const subject = { family: session.family, epoch: session.epoch, action: actionOf(received.url.pathname) }
  const keys = config.keyring.keysFor('form-token')
  const token = fields?.get(tokenField) ?? ''
  if (proveToken(token, subject, { keys, nowSeconds: live.nowSeconds })) return { ...opened, proof: 'token' }
  if (excess !== null) return refusal(viewerOf(submitted), excess) // the token may have come after it
  const detail = 'The request has neither Sec-Fetch-Site nor Origin, and its form has no valid token.'
  return refusal(viewerOf(submitted), { code: 'form/token-refused', detail })
}
