import { join } from 'node:path'
import { html, redirect } from 'dewar'
import { staticFiles } from 'dewar/node'
import type { App } from './app-type.ts'
import { layout } from './layout.ts'

/** Pages that no session is needed for, files, and redirects. */
export function addPages(app: App): void {
  app.mount('/static', staticFiles(join(import.meta.dirname, 'static')))

  app.get('/health', () => 'ok')

  // A response of its own, with no middleware around it that could ask for the session: then the store is not asked either.
  app.get('/public', () => {
    const page = String(layout('Public', html`<p>The same for everybody.</p>`))
    const headers = { 'cache-control': 'public, max-age=60', 'content-length': String(Buffer.byteLength(page)) }
    return new Response(page, { headers: { ...pageHeaders, ...headers } })
  })

  app.get('/hello', ({ query }) => {
    const name = query.get('name') ?? 'stranger'
    return layout(
      `Hello ${name}`,
      html`<p>Hello ${name}</p>
<p><input aria-label="Name" value="${name}"></p>
<p><textarea aria-label="Name again">${name}</textarea></p>`,
    )
  })

  app.get('/go', ({ query }) => redirect(query.get('to') ?? '/public'))
  app.post('/back', () => redirect.back('/'))

  app.use('/admin', () => new Response('Nobody may look at this.\n', { status: 403 }))
  app.get('/admin/x', () => 'inside')
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'content-security-policy': "frame-ancestors 'self'",
}
