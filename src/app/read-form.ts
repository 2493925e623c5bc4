import { Fields } from '../http/fields.ts'
import { readMediaType } from '../http/media-type.ts'
import { decodeUrlencoded } from '../http/urlencoded.ts'
import { refusal } from './failure.ts'
import type { Reply } from './reply.ts'
import type { Admitted, Submitted } from './stations.ts'

/**
 * Reads the posted form within its limits. A body that is no form stays unread, for the handler to read,
 * unless the route has a form: then it leaves with 415.
 */
export async function readForm(admitted: Admitted): Promise<Submitted | Reply> {
  const { received, config, target } = admitted
  const { request, url } = received
  if (isBodiless(request.method) || target.kind === 'mount') return { ...admitted, fields: null }
  const view = { request, url, env: config.env }
  const type = request.headers.get('content-type')
  const essence = readMediaType(type)?.essence
  if (essence !== 'application/x-www-form-urlencoded') {
    if (target.kind !== 'submit') return { ...admitted, fields: null }
    if (type !== null || !isEmpty(request))
      return refusal(view, { code: 'form/media-type', detail: `The body is ${type ?? 'of no named type'}.` })
    return { ...admitted, fields: new Fields([]) }
  }
  const body = await received.body.bytes(config.limits.bodyBytes).catch(() => null)
  if (body === null) return refusal(view, { code: 'form/body-cut-short' })
  if (body.kind === 'too-large') {
    return refusal(view, {
      code: 'form/body-too-large',
      detail: `The body has more than ${config.limits.bodyBytes} bytes.`,
    })
  }
  const decoded = decodeUrlencoded(body.bytes, config.limits)
  if (decoded.kind === 'refused') return refusal(view, decoded)
  return { ...admitted, fields: new Fields(decoded.entries) }
}

function isBodiless(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

function isEmpty(request: Request): boolean {
  const length = request.headers.get('content-length')
  return length === '0' || (length === null && !request.headers.has('transfer-encoding') && request.body === null)
}
