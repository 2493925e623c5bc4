import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { DewarError, type FormView, form, type Html, html } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { assertValidHtml, newApp, pageOf, posted } from './support.ts'

const contact = form(
  z.object({
    name: z.string().min(2),
    size: z.enum(['s', 'm']),
    color: z.enum(['red', 'blue']),
    tags: z.array(z.string()),
    kinds: z.array(z.enum(['a', 'b'])),
    note: z.string().max(500),
    address: z.object({ city: z.string().min(1), zip: z.string() }),
    items: z.array(z.object({ sku: z.string().min(2) })),
  }),
  { fields: { size: { control: 'radio' }, kinds: { control: 'select' }, address: { label: 'Where' } } },
)

/** A page whose form is laid out like this. */
function laidOut(view: (form: FormView<never>) => Html) {
  const app = newApp()
  app.onError((error) => (error instanceof DewarError ? error.message : String(error)))
  app.form('/', contact, {
    view: ({ form }) => pageOf(view(form as FormView<never>)),
    submit: ({ data }) => data,
  })
  return app
}

async function shown(view: (form: FormView) => Html): Promise<string> {
  return (await browser(laidOut(view as never)).open('/')).html
}

describe('a form laid out by hand', () => {
  // <form method="post" action="/"><p><label for="form-name">…</label> <input name="name" class="wide"> …
  const byHand = (form: FormView) => html`${form.summary}
<form ${form.attributes}>${form.hidden}
${form.field('name', { class: 'wide', placeholder: 'Ada' })}${form.field('size')}
<div><label for="form-note">Note</label> ${form.control('note', { rows: 4 })} ${form.error('note')}</div>
${form.field('kinds')}${form.field('color')}${form.field('tags', { class: 'tag' })}
${form.field('address')}${form.field('items.0')}${form.field('items.1.sku')}
<button type="submit">Send</button>
</form>`

  it('is valid HTML and works like one that is shown whole', async () => {
    const visitor = browser(laidOut(byHand as never))
    const page = await visitor.open('/')
    await assertValidHtml(page.html)
    const values = { name: 'Ada', size: 's', note: 'hi', color: 'red', kinds: ['b'], tags: 'x', 'address.city': 'Bern' }
    const sent = await page.fill({ ...values, 'items.0.sku': 'AB', 'items.1.sku': 'CD' }).submit()
    assert.deepEqual(JSON.parse(sent.html), {
      name: 'Ada',
      size: 's',
      color: 'red',
      tags: ['x'],
      kinds: ['b'],
      note: 'hi',
      address: { city: 'Bern', zip: '' },
      items: [{ sku: 'AB' }, { sku: 'CD' }],
    })
  })

  it('is valid HTML when it comes back too, with the issues in their places', async () => {
    const app = laidOut(byHand as never)
    const body = 'name=A&items.0.sku=A&items.1.sku=B&address.city='
    const page = await (await app.fetch(posted('/', body))).text()
    await assertValidHtml(page)
    assert.match(
      page,
      /<input type="text" id="form-name" name="name" minlength="2" required value="A" aria-invalid="true" class="wide" placeholder="Ada" aria-describedby="form-name--error">/,
    )
    assert.match(page, /id="form-items-1-sku--error"/)
    assert.match(page, /<legend>Where<\/legend>/)
  })

  it('keeps the attributes of the author, each once', async () => {
    const page = await shown(
      (form) =>
        html`<form ${form.attributes}>${form.field('name', { type: 'search', value: 'x', maxlength: 9, required: false })}<button type="submit">Send</button></form>`,
    )
    await assertValidHtml(page)
    assert.match(page, /<input type="search" id="form-name" name="name" minlength="2" value="x" maxlength="9">/)
  })

  it('keeps what describes a control, besides its error', async () => {
    const app = laidOut(((form: FormView) => html`${form.control('name', { 'aria-describedby': 'rules' })}`) as never)
    const first = await (await app.fetch(new Request('http://localhost/'))).text()
    assert.match(first, /aria-describedby="rules"/)
    const again = await (await app.fetch(posted('/', 'name=A'))).text()
    assert.match(again, /aria-describedby="rules form-name--error"/)
  })

  it('holds no text in a control that the author makes a password field', async () => {
    const app = laidOut(((form: FormView) => html`${form.control('name', { type: 'password' })}`) as never)
    const page = await (await app.fetch(posted('/', 'name=SENTINEL'))).text()
    assert.match(page, /<input type="password" id="form-name"/)
    assert.doesNotMatch(page, /SENTINEL/)
  })

  it('has the controls of boxes, buttons, lists and groups alone too', async () => {
    const page = await shown(
      (form) =>
        html`${['size', 'kinds', 'tags', 'address', 'items'].map((name) => html`<div>${form.control(name)}</div>`)}`,
    )
    assert.match(
      page,
      /<div><label class="dewar-choice"><input type="radio" id="form-size-1" name="size" required value="s"> s<\/label>/,
    )
    assert.match(page, /<div><select id="form-kinds" name="kinds" multiple><option value="a">/)
    assert.match(page, /<div><input type="text" id="form-tags-1" name="tags" /)
    assert.match(page, /<div><div class="dewar-field"><label for="form-address-city">/)
    assert.match(page, /<div><fieldset class="dewar-group" id="form-items-0">/)
  })

  it('refuses a name that the form does not have, and says which it has', async () => {
    for (const name of ['nmae', 'tags.0', 'address.street', 'items.x.sku', 'items.0.qty', 'constructor', '']) {
      const page = await shown((form) => html`${form.field(name)}`)
      assert.match(
        page,
        /The form has no field .*; it has name, size, .*items\.\*\.sku\. \[form\/field-unknown\]/,
        name,
      )
    }
  })
})

describe('two forms in one page', () => {
  it('share no id, since ids begin with the path that each is sent to', async () => {
    const { FormView } = await import('../../src/form/view.ts')
    const parts = {
      form: contact as never,
      typed: null,
      issues: [{ name: 'name', message: 'No.' }],
      hidden: () => null,
    }
    const forms = ['/', '/a', '/a/b', '/2026/x', '/größe'].map(
      (action) => new FormView({ ...parts, action: encodeURI(action) }),
    )
    const page = String(
      pageOf(
        html`${forms.map((form) => html`<form ${form.attributes}>${form.hidden}${form.field('name')}${form.field('size')}${form.field('items')}<button type="submit">Send</button></form>`)}`,
      ),
    )
    await assertValidHtml(page)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    assert.equal(new Set(ids).size, ids.length)
  })

  it('share no id between the error of a field and a field called error', async () => {
    const fields = z.object({
      a: z.object({ error: z.string(), hint: z.string() }),
      'a-error': z.string(),
      tags: z.array(z.string()),
      'tags-1': z.string(),
    })
    const app = newApp()
    app.form('/', form(fields.describe('x')), {
      view: ({ form }) => pageOf(html`${form}`),
      submit: ({ invalid }) => invalid({ 'a.error': 'No.', a: 'No.', 'a-error': 'No.' }),
    })
    const page = await (await app.fetch(posted('/', 'a.error=x&a.hint=y&a-error=z&tags=1&tags-1=2'))).text()
    await assertValidHtml(page)
  })
})
