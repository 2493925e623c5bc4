import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import { form, html } from '../../src/index.ts'
import { browser, type FieldValues, type Page } from '../../src/testing.ts'
import { UploadedFile } from '../../src/upload/uploaded-file.ts'
import { assertValidHtml, newApp, pageOf } from './support.ts'

/** An app whose form gives back what it was sent, with each file as its name and text. */
function echoOf(schema: StandardSchemaV1) {
  const app = newApp()
  app.form('/', form(schema), {
    view: ({ form }) => pageOf(html`${form}`),
    submit: async ({ data }) => (await told(data)) as object,
  })
  return app
}

async function told(value: unknown): Promise<unknown> {
  if (value instanceof UploadedFile) return `${value.name}: ${await value.text()}`
  if (Array.isArray(value)) return Promise.all(value.map(told))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(async ([key, each]) => [key, await told(each)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

async function send(page: Page, values: FieldValues): Promise<Page> {
  await assertValidHtml(page.html)
  return page.fill(values).submit()
}

function textFile(name: string): File {
  return new File([`text of ${name}`], `${name}.txt`, { type: 'text/plain' })
}

const schemas: Readonly<Record<string, StandardSchemaV1>> = {
  zod: z.object({
    note: z.string().min(2),
    photo: z.file().max(50).mime(['text/plain']),
    photos: z.array(z.file()),
    items: z.array(z.object({ sku: z.string(), scan: z.file().optional() })),
  }),
  valibot: toStandardJsonSchema(
    v.object({
      note: v.pipe(v.string(), v.minLength(2)),
      photo: v.pipe(v.file(), v.maxSize(50), v.mimeType(['text/plain'])),
      photos: v.array(v.file()),
      items: v.array(v.object({ sku: v.string(), scan: v.optional(v.file()) })),
    }),
  ),
  arktype: type({
    note: 'string >= 2',
    photo: type('File').and({ size: 'number <= 50', type: "'text/plain'" }),
    photos: 'File[]',
    items: type({ sku: 'string', 'scan?': 'File' }).array(),
  }),
}

for (const [library, schema] of Object.entries(schemas)) {
  describe(`a form of ${library} that asks for files`, () => {
    // <form method="post" enctype="multipart/form-data">… <input type="file" name="photos" multiple> …
    it('gives them to the handler', async () => {
      const values = { note: 'hi', photo: textFile('a'), photos: [textFile('b'), textFile('c')] }
      const page = await send(await browser(echoOf(schema)).open('/'), {
        ...values,
        'items.0.sku': 'x',
        'items.0.scan': textFile('d'),
      })
      assert.deepEqual(JSON.parse(page.html), {
        note: 'hi',
        photo: 'a.txt: text of a',
        photos: ['b.txt: text of b', 'c.txt: text of c'],
        items: [{ sku: 'x', scan: 'd.txt: text of d' }],
      })
    })

    it('asks again for one that was not chosen', async () => {
      const page = await send(await browser(echoOf(schema)).open('/'), { note: 'hi' })
      assert.equal(page.status, 422)
      await assertValidHtml(page.html)
      assert.match(page.html, /<input type="file" id="form-photo" name="photo"[^>]* required aria-invalid="true"/)
    })

    it('says which one is too large', async () => {
      const photo = new File(['x'.repeat(51)], 'large.txt', { type: 'text/plain' })
      const page = await send(await browser(echoOf(schema)).open('/'), { note: 'hi', photo })
      assert.equal(page.status, 422)
      assert.ok(page.text.includes('large.txt is larger than 50 bytes. Choose a smaller file.'), page.text)
    })

    it('keeps them while something else is put right', async () => {
      const first = await browser(echoOf(schema)).open('/')
      const again = await send(first, {
        note: 'x',
        photo: textFile('a'),
        photos: [textFile('b'), textFile('c')],
        'items.0.scan': textFile('d'),
      })
      assert.equal(again.status, 422)
      await assertValidHtml(again.html)
      for (const name of ['a', 'b', 'c', 'd']) assert.ok(again.text.includes(`${name}.txt, 9 bytes, kept`), again.text)
      const [, removed = ''] =
        /name="_remove\.photos" value="([^"]+)" aria-label="Remove b\.txt"/.exec(again.html) ?? []
      const page = await again.fill({ note: 'hi', '_remove.photos': [removed], photos: [textFile('e')] }).submit()
      assert.deepEqual(JSON.parse(page.html), {
        note: 'hi',
        photo: 'a.txt: text of a',
        photos: ['c.txt: text of c', 'e.txt: text of e'],
        items: [{ sku: '', scan: 'd.txt: text of d' }],
      })
    })
  })
}

describe('a file that is kept', () => {
  const schema = z.object({
    note: z.string().min(2),
    photo: z.file().optional(),
    items: z.array(z.object({ scan: z.file() })),
  })
  const kept = async (values: FieldValues) => send(await browser(echoOf(schema)).open('/'), { note: 'x', ...values })

  it('is replaced by another that is chosen', async () => {
    const page = await (await kept({ photo: textFile('a') })).fill({ note: 'hi', photo: textFile('b') }).submit()
    assert.deepEqual(JSON.parse(page.html), { note: 'hi', photo: 'b.txt: text of b', items: [] })
  })

  it('is gone once its box is ticked', async () => {
    const page = await (await kept({ photo: textFile('a') })).fill({ note: 'hi', '_remove.photo': true }).submit()
    assert.deepEqual(JSON.parse(page.html), { note: 'hi', items: [] })
  })

  it('moves up with its row, and may be all that is in it', async () => {
    const visitor = browser(echoOf(schema))
    const two = await send(await visitor.open('/'), { note: 'x', 'items.0.scan': textFile('a') })
    const three = await send(two, { note: 'x', 'items.1.scan': textFile('b') })
    assert.match(three.html, /name="_kept\.items\.1\.scan"/)
    const less = await send(three, { note: 'x', '_remove.items.0.scan': true })
    assert.doesNotMatch(less.html, /a\.txt|name="_kept\.items\.1\.scan"/)
    const page = await less.fill({ note: 'hi' }).submit()
    assert.deepEqual(JSON.parse(page.html), { note: 'hi', items: [{ scan: 'b.txt: text of b' }] })
  })
})
