import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { form, html } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { appWith, assertValidHtml, newApp, pageOf, postBadly, sendWith } from './support.ts'

const signup = z.object({
  name: z.string().min(2, 'is too short').meta({ description: 'As your friends call you.' }),
  email: z.email('is no address'),
  password: z.string().min(8, 'needs 8 characters'),
  again: z.string().meta({ format: 'password' }),
})

describe('a form with invalid input', () => {
  // <form method="post"><input name="name" required minlength="2"> <input type="email" name="email" required> …
  const ada = { name: 'A', email: 'ada', password: 'hunter2', again: 'hunter2' }

  it('comes back with 422 and what was typed', async () => {
    const page = await sendWith(form(signup), ada)
    assert.equal(page.status, 422)
    assert.equal(page.value('name'), 'A')
    assert.equal(page.value('email'), 'ada')
  })

  it('says what is wrong beside each field, which is tied to its sentence and its hint', async () => {
    const { html } = await sendWith(form(signup), ada)
    assert.match(
      html,
      /<input [^>]*name="name"[^>]* aria-invalid="true" aria-describedby="form-name--hint form-name--error">/,
    )
    assert.match(html, /<p class="dewar-hint" id="form-name--hint">As your friends call you\.<\/p>/)
    assert.match(html, /<p class="dewar-error" id="form-name--error">is too short<\/p>/)
    assert.match(html, /<input [^>]*name="email"[^>]* aria-invalid="true" aria-describedby="form-email--error">/)
  })

  it('leaves a field alone with which nothing is wrong', async () => {
    const { html } = await sendWith(form(signup), { ...ada, name: 'Ada' })
    assert.match(html, /<input [^>]*name="name"[^>]* aria-describedby="form-name--hint">/)
    assert.doesNotMatch(html, /<input [^>]*name="name"[^>]* aria-invalid/)
  })

  it('begins with a summary that takes the focus and leads to the controls', async () => {
    const { html } = await sendWith(form(signup), ada)
    assert.match(html, /<div class="dewar-summary" role="alert" tabindex="-1" autofocus>/)
    assert.match(html, /<li><a href="#form-name">Name<\/a>: is too short<\/li>/)
    assert.match(html, /<li><a href="#form-email">Email<\/a>: is no address<\/li>/)
    assert.ok(html.indexOf('dewar-summary') < html.indexOf('<form'))
  })

  it('holds no password', async () => {
    const page = await sendWith(form(signup), ada)
    assert.equal(page.value('password'), '')
    assert.equal(page.value('again'), '')
    assert.doesNotMatch(page.html, /hunter2/)
  })

  it('has no summary on its first showing', async () => {
    const page = await browser(appWith(form(signup))).open('/')
    assert.doesNotMatch(page.html, /dewar-summary|aria-invalid|dewar-error/)
  })

  it('says once what is wrong twice with the same words', async () => {
    const twice = z.object({ name: z.string().min(2, 'is wrong').regex(/^b/, 'is wrong') })
    const { html } = await sendWith(form(twice), { name: 'a' })
    assert.match(html, /id="form-name--error">is wrong<\/p>/)
  })
})

describe('a number or date that is none', () => {
  const booking = z.object({ nights: z.int().min(1), from: z.date(), at: z.iso.time(), name: z.string().min(1) })

  it('is told once, in our words', async () => {
    const html = await postBadly(form(booking), 'nights=abc&from=soon&at=&name=')
    assert.equal(html.split('Enter a number.').length - 1, 2, 'in the summary and beside the field')
    assert.equal(html.split('Enter a date.').length - 1, 2)
    assert.doesNotMatch(html, /expected (number|date)/)
  })

  it('is kept as it was typed, where a browser would empty an input of that type', async () => {
    const html = await postBadly(form(booking), 'nights=two&from=31.01.2026&at=noon&name=')
    assert.match(html, /<input type="text" [^>]*name="nights"[^>]* value="two"/)
    assert.match(html, /<input type="text" [^>]*name="from"[^>]* value="31\.01\.2026"/)
    assert.match(html, /<input type="text" [^>]*name="at"[^>]* value="noon"/)
    assert.doesNotMatch(html, /type="text"[^>]* (step|min|max)=/)
  })

  it('stays in its own control if it only breaks a rule of the schema', async () => {
    const html = await postBadly(form(booking), 'nights=0&from=2026-01-31&at=12:30&name=')
    assert.match(html, /<input type="number" [^>]*name="nights"[^>]* value="0"/)
    assert.match(html, /<input type="date" [^>]*name="from"[^>]* value="2026-01-31"/)
    assert.match(html, /<input type="time" [^>]*name="at"[^>]* value="12:30"/)
  })

  // HTML §4.10.5.3.8: without min, steps are counted from the value in the page
  it('does not make a browser refuse the right one', async () => {
    const html = await postBadly(form(z.object({ floor: z.int() })), 'floor=1.5')
    assert.match(html, /<input type="number" [^>]*step="any"[^>]* value="1\.5"/)
  })
})

describe('refinements on the whole object', () => {
  it('stand in the summary alone when they name no field', async () => {
    const same = z.object({ one: z.string(), two: z.string() }).refine(({ one, two }) => one === two, 'The two differ.')
    const { html, text } = await sendWith(form(same), { one: 'a', two: 'b' })
    assert.match(html, /<p>The two differ\.<\/p>/)
    assert.equal(text.split('The two differ.').length - 1, 1)
  })

  it('stand beside the field that they name', async () => {
    const same = z
      .object({ one: z.string(), two: z.string() })
      .refine(({ one, two }) => one === two, { message: 'differs', path: ['two'] })
    const { html } = await sendWith(form(same), { one: 'a', two: 'b' })
    assert.match(html, /id="form-two--error">differs</)
  })
})

describe('what was typed, shown again', () => {
  it('is escaped in every kind of control', async () => {
    const bad = '"><script>alert(1)</script>'
    const all = z.object({
      text: z.string(),
      area: z.string().max(1000),
      mail: z.email(),
      age: z.number(),
      list: z.array(z.string()),
    })
    const body = new URLSearchParams({ text: bad, area: `</textarea>${bad}`, mail: bad, age: bad, list: bad })
    const html = await postBadly(form(all), body.toString())
    assert.doesNotMatch(html, /<script>/)
    assert.match(html, /<textarea [^>]*>\n&lt;\/textarea&gt;&quot;&gt;&lt;script&gt;/)
  })

  it('keeps line breaks in a textarea, the first one too', async () => {
    const note = z.object({ note: z.string().max(1000), name: z.string().min(1) })
    const page = await sendWith(form(note), { note: '\nfirst\n\nsecond\n' })
    assert.equal(page.value('note'), '\nfirst\n\nsecond\n')
  })

  it('holds one text for a field that was sent twice', async () => {
    const html = await postBadly(form(z.object({ name: z.string().min(5), other: z.string() })), 'name=one&name=two')
    assert.match(html, /name="name"[^>]* value="one"/)
    assert.doesNotMatch(html, /two/)
  })

  it('has nothing of names that the form does not know', async () => {
    const html = await postBadly(form(z.object({ name: z.string().min(5) })), 'name=a&other=SENTINEL&_name=SENTINEL')
    assert.doesNotMatch(html, /SENTINEL/)
  })
})

describe('what the handler finds invalid', () => {
  function app(reasons: never) {
    const made = newApp()
    made.form('/', form(z.object({ name: z.string(), tags: z.array(z.string()), password: z.string() })), {
      view: ({ form }) => pageOf(html`${form}`),
      submit: ({ invalid }) => invalid(reasons),
    })
    return browser(made)
  }

  it('comes back with what was typed and the sentence beside its field', async () => {
    const page = await app({ name: 'is taken' } as never).open('/')
    const again = await page.fill({ name: 'Ada', tags: 'x', password: 'hunter2' }).submit()
    assert.equal(again.status, 422)
    assert.equal(again.value('name'), 'Ada')
    assert.deepEqual(again.value('tags'), ['x', ''])
    assert.equal(again.value('password'), '')
    assert.match(again.html, /id="form-name--error">is taken</)
    await assertValidHtml(again.html)
  })

  it('stands in the summary if it is about the whole form', async () => {
    const again = await (await app('The shop is closed.' as never).open('/')).submit()
    assert.equal(again.status, 422)
    assert.match(again.html, /<p>The shop is closed\.<\/p>/)
  })

  it('stands in the summary for a name that no field has', async () => {
    const again = await (await app({ nobody: 'is here' } as never).open('/')).submit()
    assert.match(again.html, /<li>is here<\/li>/)
  })
})
