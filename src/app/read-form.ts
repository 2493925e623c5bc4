import { Fields, noFields } from '../http/fields.ts'
import { readMediaType } from '../http/media-type.ts'
import { decodeUrlencoded } from '../http/urlencoded.ts'
import { refusal, viewerOf } from './failure.ts'
import type { Reply } from './reply.ts'
import type { Admitted, Submitted } from './stations.ts'

/**
 * Reads the posted form within its limits. A body that is no form stays unread, for the handler to read,
 * unless the route has a form: then it leaves with 415.
 */
export function readForm(admitted: Admitted): Submitted | Reply | Promise<Submitted | Reply> {
  const { received, target } = admitted
  const { request } = received
  if (isBodiless(request.method) || target.kind === 'mount') return { ...admitted, fields: null }
  const type = request.headers.get('content-type')
  if (readMediaType(type)?.essence === 'application/x-www-form-urlencoded') return readUrlencoded(admitted)
  if (target.kind !== 'submit') return { ...admitted, fields: null }
  if (type === null && !received.body.present) return { ...admitted, fields: noFields }
  const detail = `The body is ${type ?? 'of no named type'}.`
  return refusal(viewerOf(admitted), { code: 'form/media-type', detail })
}

async function readUrlencoded(admitted: Admitted): Promise<Submitted | Reply> {
  const { received, config } = admitted
  const view = viewerOf(admitted)
  const body = await received.body.bytes(config.limits.bodyBytes).catch(() => null)
  if (body === null) return refusal(view, { code: 'form/body-cut-short' })
  if (body.kind === 'too-large') {
    const detail = `The body has more than ${config.limits.bodyBytes} bytes.`
    return refusal(view, { code: 'form/body-too-large', detail })
  }
  const decoded = decodeUrlencoded(body.bytes, config.limits)
  return decoded.kind === 'refused' ? refusal(view, decoded) : { ...admitted, fields: new Fields(decoded.entries) }
}

function isBodiless(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
