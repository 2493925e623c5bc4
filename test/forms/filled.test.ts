import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { form, html } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { appWith, assertValidHtml, newApp, pageOf, sendWith } from './support.ts'

describe('a default', () => {
  const search = z.object({
    news: z.boolean().default(true),
    sort: z.enum(['new', 'old']).default('new'),
    per: z.number().default(20),
    tags: z.array(z.enum(['a', 'b'])).default(['b']),
    note: z.string().default('nothing'),
    more: z.object({ deep: z.boolean().default(true) }),
    maybe: z.object({ deep: z.boolean().default(true), name: z.string().min(1) }).optional(),
  })

  it('is ticked, chosen and counted when the form is first shown', async () => {
    const page = await browser(appWith(form(search))).open('/')
    await assertValidHtml(page.html)
    assert.equal(page.value('news'), true)
    assert.equal(page.value('sort'), 'new')
    assert.equal(page.value('per'), '20')
    assert.deepEqual(page.value('tags'), ['b'])
    assert.equal(page.value('more.deep'), true)
  })

  it('does not fill in an object that may be missing', async () => {
    const page = await browser(appWith(form(search))).open('/')
    assert.equal(page.value('maybe.deep'), false)
    assert.equal((await page.submit()).text, 'Form Done')
  })

  it('of a text is left to the schema, which may make another one each time', async () => {
    const page = await browser(appWith(form(search))).open('/')
    assert.equal(page.value('note'), '')
  })

  it('gives way to what was typed', async () => {
    const shown = form(z.object({ news: z.boolean().default(true), name: z.string().min(1) }))
    const page = await sendWith(shown, { news: false, name: '' })
    assert.equal(page.value('news'), false)
  })
})

describe('filling a form', () => {
  const person = z.object({
    name: z.string(),
    born: z.date(),
    tags: z.array(z.string()),
    sort: z.enum(['a', 'b']).default('a'),
  })

  function edit(values: object) {
    const app = newApp()
    app.form('/', form(person), {
      view: ({ form }) => pageOf(html`${form.fill(values)}`),
      submit: () => pageOf(html`<p>Done</p>`),
    })
    return browser(app)
  }

  it('shows values as the texts of their controls, and defaults for those not given', async () => {
    const page = await edit({ name: 'Ada', born: new Date('1815-12-10'), tags: ['x', 'y'], other: 1 }).open('/')
    await assertValidHtml(page.html)
    assert.equal(page.value('name'), 'Ada')
    assert.equal(page.value('born'), '1815-12-10')
    assert.deepEqual(page.value('tags'), ['x', 'y', ''])
    assert.equal(page.value('sort'), 'a')
  })

  it('gives way to what the person typed', async () => {
    const page = await edit({ name: 'Ada', born: new Date('1815-12-10'), tags: ['x'] }).open('/')
    const again = await page.fill({ name: '', born: '', tags: ['', 'z'] }).submit()
    assert.equal(again.value('name'), '')
    assert.equal(again.value('born'), '')
    assert.deepEqual(again.value('tags'), ['z', ''])
  })

  it('takes null, nothing and a day that is none for empty', async () => {
    const page = await edit({ name: null, born: new Date(Number.NaN), tags: undefined, sort: undefined }).open('/')
    assert.equal(page.value('name'), '')
    assert.equal(page.value('born'), '')
    assert.deepEqual(page.value('tags'), '')
    assert.equal(page.value('sort'), '')
  })
})
