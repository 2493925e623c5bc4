import { actionOf, proveToken, tokenField } from '../once/token.ts'
import { refusal, viewerOf } from './failure.ts'
import type { Reply } from './reply.ts'
import type { Proven, Submitted } from './stations.ts'

/** Proves by the form's token where a request comes from that does not say so itself. Without a proof it leaves with 403. */
export function prove(submitted: Submitted): Proven | Reply {
  if (submitted.admission === 'origin-known') return { ...submitted, proof: 'origin' }
  const { received, config, fields, arrival, target } = submitted
  if (target.kind === 'mount' && target.isApp) return { ...submitted, proof: 'origin' } // it proves for itself, by its own keys
  const nowSeconds = Math.floor(config.clock.now() / 1000)
  const session = config.keeper.load(arrival, nowSeconds)
  if (session === null) return { ...submitted, proof: 'origin' } // the cookie opens nothing, so there is nobody's trust to abuse
  const subject = { family: session.family, epoch: session.epoch, action: actionOf(received.url.pathname) }
  const keys = config.keyring.keysFor('form-token')
  if (proveToken(fields?.get(tokenField) ?? '', subject, { keys, nowSeconds })) return { ...submitted, proof: 'token' }
  if (submitted.excess !== null) return refusal(viewerOf(submitted), submitted.excess) // the token may have come after it
  const detail = 'The request has neither Sec-Fetch-Site nor Origin, and its form has no valid token.'
  return refusal(viewerOf(submitted), { code: 'form/token-refused', detail })
}
