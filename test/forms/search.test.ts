import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import { type Dewar, form, html } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { assertValidHtml, newApp, pageOf } from './support.ts'

const schemas = {
  zod: z.object({
    q: z.string().min(2, 'is too short').optional(),
    max: z.number().optional(),
    kind: z.array(z.enum(['new', 'used'])),
    sort: z.enum(['price', 'age']).optional(),
  }),
  valibot: toStandardJsonSchema(
    v.object({
      q: v.optional(v.pipe(v.string(), v.minLength(2, 'is too short'))),
      max: v.optional(v.number()),
      kind: v.array(v.picklist(['new', 'used'])),
      sort: v.optional(v.picklist(['price', 'age'])),
    }),
  ),
  arktype: type({ 'q?': 'string >= 2', 'max?': 'number', kind: "('new' | 'used')[]", 'sort?': "'price' | 'age'" }),
}

/** A page of search results that says what it was asked. */
function shop(schema: (typeof schemas)[keyof typeof schemas]): { app: Dewar; asked: unknown[] } {
  const app = newApp()
  const asked: unknown[] = []
  app.get('/cars', form(schema, { method: 'get' }), ({ data, form }) => {
    asked.push(data)
    return pageOf(html`${form}<p>${data === undefined ? 'Nothing asked' : `Asked for ${data.kind.length} kinds`}</p>`)
  })
  return { app, asked }
}

for (const [library, schema] of Object.entries(schemas)) {
  describe(`a search form, with ${library}`, () => {
    // <form method="get" action="/cars"><input name="q"> <input type="number" name="max"> <input type="checkbox" name="kind" …
    it('is shown without values when the query is empty', async () => {
      const { app, asked } = shop(schema)
      const page = await browser(app).open('/cars')
      assert.equal(page.status, 200)
      assert.deepEqual(asked, [undefined])
      assert.match(page.html, /<form method="get" action="\/cars" class="dewar-form">/)
      assert.match(page.html, /<button type="submit">Search<\/button>/)
      await assertValidHtml(page.html)
    })

    it('gives typed values from the query, and holds them', async () => {
      const { app, asked } = shop(schema)
      const page = await browser(app).open('/cars')
      const found = await page.fill({ q: 'bus', max: 900, kind: ['used'] }).submit()
      const query = new URL(found.url, 'http://localhost').searchParams.toString().split('&').sort()
      assert.deepEqual(query, ['kind=used', 'max=900', 'q=bus', 'sort=']) // arktype sorts its fields
      assert.deepEqual({ ...(asked[1] as object) }, { q: 'bus', max: 900, kind: ['used'] })
      assert.equal(found.value('q'), 'bus')
      assert.deepEqual(found.value('kind'), ['used'])
      await assertValidHtml(found.html)
    })

    it('takes an address that somebody wrote by hand, and leaves out what it does not know', async () => {
      const { app, asked } = shop(schema)
      await browser(app).open('/cars?q=bus&utm_source=mail&kind=new&kind=used')
      assert.deepEqual({ ...(asked[0] as object) }, { q: 'bus', kind: ['new', 'used'] })
    })

    it('is on its first showing when the query has none of its fields', async () => {
      const { app, asked } = shop(schema)
      const page = await browser(app).open('/cars?utm_source=mail')
      assert.equal(page.status, 200)
      assert.deepEqual(asked, [undefined])
    })

    it('answers 422 to a wrong query, with the issues beside the fields and what was typed', async () => {
      const { app, asked } = shop(schema)
      const page = await browser(app).open('/cars?q=x&max=much')
      assert.equal(page.status, 422)
      assert.deepEqual(asked, [undefined])
      assert.match(page.html, /<a href="#cars-q">Q<\/a>: /)
      assert.match(page.html, /id="cars-max--error">Enter a number\./)
      assert.equal(page.value('q'), 'x')
      assert.equal(page.value('max'), 'much')
      await assertValidHtml(page.html)
    })
  })
}

describe('a page with a search form', () => {
  it('has no token, leaves no cookie and may be cached by everyone', async () => {
    const { app } = shop(schemas.zod)
    const response = await app.fetch(new Request('http://localhost/cars?q=bus'))
    const page = await response.text()
    assert.doesNotMatch(page, /_token|type="hidden"/)
    assert.equal(response.headers.get('set-cookie'), null)
    assert.doesNotMatch(response.headers.get('cache-control') ?? '', /private|no-store/)
    assert.equal(response.headers.get('vary'), null)
    assert.notEqual(response.headers.get('etag'), null)
  })

  it('sends to its own path, whatever the query was', async () => {
    const { app } = shop(schemas.zod)
    const page = await browser(app).open('/cars?q=bus&max=5')
    assert.match(page.html, /<form method="get" action="\/cars" /)
  })

  it('tells a first showing from a search for nothing', async () => {
    const { app, asked } = shop(schemas.zod)
    await browser(app).open('/cars?q=')
    assert.deepEqual(asked, [{ kind: [] }])
  })
})
