import { form, HttpError } from 'dewar'
import * as z from 'zod'
import type { App } from './app-type.ts'
import { layout } from './layout.ts'

const typed = form(
  z.object({
    user: z.string().trim().min(1).max(20),
    age: z.int().min(0).max(150).optional(),
    tags: z.array(z.string()),
    agree: z.boolean(),
  }),
)

/** What was posted, as it came and as a schema reads it; and a webhook. */
export function addFieldRoutes(app: App): void {
  app.post('/echo', ({ fields, files }) => ({
    fields: [...fields],
    files: [...files].map(([name, { name: filename, safeName, type, size, sha256 }]) => {
      return { name, filename, safeName, type, size, sha256 }
    }),
  }))

  app.form('/typed', typed, {
    once: { unsafelyAllowMissingToken: true }, // for clients that never show the form
    view: ({ form }) => layout('Typed', form),
    submit: ({ data }) => data,
  })

  app.post('/hook', async ({ request }) => {
    if (!/^application\/json(?:;|$)/i.test(request.headers.get('content-type') ?? '')) return 'ok'
    refuseBroken(await request.text())
    return 'ok'
  })
}

function refuseBroken(json: string): void {
  try {
    JSON.parse(json)
  } catch {
    throw new HttpError(400, 'The body is not JSON.')
  }
}
