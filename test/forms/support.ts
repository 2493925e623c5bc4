import assert from 'node:assert/strict'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { HtmlValidate } from 'html-validate'
import { Dewar, type Form, type FormOptions, form, html, type NamesOf } from '../../src/index.ts'
import { browser, type FieldValues, type Page } from '../../src/testing.ts'

const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')

/** An app for one story. */
export function newApp(): Dewar {
  return new Dewar({ secret, env: 'development' })
}

/** What came of a form that was sent. */
export interface Sent {
  readonly status: number
  /** What the submit handler was given; `undefined` if it was not called. */
  readonly data: unknown
  /** The issues of a refused form, by the name of their field. */
  readonly errors: Readonly<Record<string, readonly string[]>>
}

/** Sends a body such as `name=Ada&tags=a&tags=b` to the form of a schema, as a client that asks for JSON. */
export async function send<Schema extends StandardSchemaV1>(
  schema: Schema,
  body: string,
  options: FormOptions<NamesOf<Schema>, 'post'> = {},
): Promise<Sent> {
  const app = newApp()
  let data: unknown
  app.post('/', form(schema, options), (given) => {
    data = given.data
    return 'done'
  })
  const response = await app.fetch(posted('/', body, { accept: 'application/json' }))
  if (response.status !== 422) return { status: response.status, data, errors: {} }
  return { status: 422, data, errors: (await response.json()).errors }
}

/** A form as a program posts it: without a token, so it is done each time. */
export function posted(path: string, body: string, headers: Record<string, string> = {}): Request {
  return new Request(`http://localhost${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
}

/** An app that shows a form at `/`, as a whole page, and says “Done” when it was sent. */
export function appWith(shown: Form<StandardSchemaV1, 'post'>): Dewar {
  const app = newApp()
  app.form('/', shown, { view: ({ form }) => pageOf(html`${form}`), submit: () => pageOf(html`<p>Done</p>`) })
  return app
}

/** A whole page, as small as it can be. */
export function pageOf(content: ReturnType<typeof html>): ReturnType<typeof html> {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Form</title>
</head>
<body>
<main>
<h1>Form</h1>
${content}</main>
</body>
</html>
`
}

// A list posts one name several times, as HTML §4.10.22.4 has it; the rule wants names of PHP's kind.
const rules = { 'form-dup-name': 'off' } as const
const validator = new HtmlValidate({ extends: ['html-validate:recommended'], rules })

/** Fails, naming rule and line, for a page in which html-validate finds anything. */
export async function assertValidHtml(page: string): Promise<void> {
  const report = await validator.validateString(page)
  const found = report.results.flatMap(({ messages }) => messages)
  const told = found.map(({ ruleId, message, line }) => `${ruleId}: ${message}: ${page.split('\n')[line - 1]}`)
  assert.deepEqual(told, [])
}

/** Opens the form, fills it in, sends it, and looks at the page that comes back: valid HTML in any case. */
export async function sendWith(shown: Form<StandardSchemaV1, 'post'>, values: FieldValues): Promise<Page> {
  const page = await browser(appWith(shown)).open('/')
  await assertValidHtml(page.html)
  const next = await page.fill(values).submit()
  await assertValidHtml(next.html)
  return next
}

/** What comes back for a body that no browser would send from the form. */
export async function postBadly(shown: Form<StandardSchemaV1, 'post'>, body: string): Promise<string> {
  const response = await appWith(shown).fetch(posted('/', body))
  assert.equal(response.status, 422)
  const page = await response.text()
  await assertValidHtml(page)
  return page
}

/** A schema of no library at all. */
export function schemaOf(
  validate: StandardSchemaV1.Props['validate'],
  described?: () => Record<string, unknown>,
): StandardSchemaV1 {
  const jsonSchema = described && { jsonSchema: { input: described, output: described } }
  return { '~standard': { version: 1, vendor: 'tests', validate, ...jsonSchema } }
}
