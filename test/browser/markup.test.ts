import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser } from 'dewar/testing'
import { HtmlValidate } from 'html-validate'
import checkout from '../../examples/checkout/app.ts'
import guestbook from '../../examples/guestbook/app.ts'
import lecture from '../../examples/lecture/app.ts'
import login from '../../examples/login/app.ts'
import notes from '../../templates/plain/app.ts'
import { oncePages } from './once-pages.ts'
import { ownPages } from './own-pages.ts'

// Controls of one name are how HTML sends a list; the recommended rules allow it for radio buttons alone.
const rules = { 'form-dup-name': 'off' } as const
const validator = new HtmlValidate({ extends: ['html-validate:recommended'], rules })

async function findings(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html)
  return results.flatMap(({ messages }) => messages.map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`))
}

async function assertValid(name: string, html: string): Promise<void> {
  assert.match(html, /^<!doctype html>/i, name)
  assert.deepEqual(await findings(html), [], `${name}\n${html}`)
}

describe('html-validate', () => {
  it('finds nothing on any page of the guestbook', async () => {
    const visitor = browser(guestbook)
    const front = await visitor.open('/')
    await assertValid('the front page', front.html)
    await assertValid('the front page with an error', (await front.fill({ name: ' ' }).submit()).html)
    await assertValid('the thank-you page', (await front.fill({ name: '"Ada" <b>&amp;' }).submit()).html)
    const book = await visitor.open('/book')
    await assertValid('the book', book.html)
    await assertValid('the book with an error', (await book.fill({ message: ' ' }).submit('Leave message')).html)
    await book.fill({ message: '<p>\n&"\'' }).submit('Leave message')
    await assertValid('the book with a message', (await visitor.open('/book')).html)
    const name = await visitor.open('/name')
    await assertValid('the form for another name', name.html)
    await assertValid('the same with an error', (await name.fill({ name: ' ' }).submit('Change name')).html)
    await assertValid('the goodbye page', (await name.submit('Forget me')).html)
    await assertValid('a message too late', (await book.fill({ message: 'Hello' }).submit('Leave message')).html)
    await assertValid('a page that is not there', (await visitor.open('/nowhere')).html)
  })

  it('finds nothing on any page of the lecture', async () => {
    const visitor = browser(lecture)
    const front = await visitor.open('/')
    await assertValid('the form', front.html)
    const thanks = await front.fill({ username: '"Ada" <b>&amp;' }).submit()
    await assertValid('the thank-you page', thanks.html)
    await assertValid('the page that knows', (await thanks.click('Who am I?')).html)
    await assertValid('the page that forgot', (await thanks.submit('Reset')).html)
  })

  it('finds nothing on any page of the checkout', async () => {
    const visitor = browser(checkout)
    await assertValid('the shelf', (await visitor.open('/')).html)
    const print = await visitor.open('/prints/pear')
    await assertValid('a print', print.html)
    await assertValid('a print with an error', (await print.fill({ name: ' ', email: '"<' }).submit('Order')).html)
    const receipt = await print.fill({ count: 3, name: '"Ada" <b>&amp;', email: 'ada@example.org' }).submit('Order')
    await assertValid('a receipt', receipt.html)
    await assertValid('the same form, changed', (await print.fill({ count: 2 }).submit('Order')).html)
    await assertValid('a print that is sold out', (await visitor.open('/prints/pear')).html)
    await assertValid('a page that is not there', (await visitor.open('/nowhere')).html)
  })

  it('finds nothing on any page of the login', async () => {
    const visitor = browser(login)
    await assertValid('the front page', (await visitor.open('/')).html)
    const way = await visitor.open('/members?room="><b>')
    await assertValid('the way in', way.html)
    const fields = { name: 'Ada', password: 'correct horse battery' }
    await assertValid('the login with an error', (await way.fill(fields).submit('Log in')).html)
    const signUp = await visitor.open('/sign-up')
    await assertValid('the sign-up', signUp.html)
    await assertValid('the sign-up with an error', (await signUp.fill({ name: '"<', password: '' }).submit()).html)
    const members = await signUp.fill(fields).submit('Sign up')
    await assertValid('the members’ page', members.html)
    await (await browser(login).open('/login')).fill(fields).submit('Log in')
    await assertValid('the devices', (await members.click('Your devices')).html)
    await assertValid('the front page after a logout', (await members.submit('Log out')).html)
    await assertValid('a page that is not there', (await visitor.open('/nowhere')).html)
  })

  it('finds nothing on any page of a new app', async () => {
    const visitor = browser(notes)
    const front = await visitor.open('/')
    await assertValid('the form', front.html)
    const kept = await front.fill({ text: '"Ficus" <b>&amp;' }).submit('Keep it')
    await assertValid('a note', kept.html)
    await assertValid('a note with an error', (await kept.fill({ text: ' ' }).submit('Keep it')).html)
  })

  for (const env of ['development', 'production'] as const) {
    it(`finds nothing on any page that Dewar shows by itself in ${env}`, async (t) => {
      t.mock.method(console, 'error', () => {})
      for (const { name, status, html } of await ownPages(env)) {
        assert.equal(name.slice(0, 3), String(status), name)
        await assertValid(name, html)
      }
    })
  }

  it('finds nothing on any page for a form that was sent before', async () => {
    for (const { name, status, html } of await oncePages()) {
      assert.equal(name.slice(0, 3), String(status), name)
      await assertValid(name, html)
    }
  })

  it('finds what is wrong with a page', async () => {
    assert.match((await findings('<!DOCTYPE html><p><div>Not here</div></p>')).join('\n'), /no-implicit-close/)
  })
})
