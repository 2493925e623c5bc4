import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { enterBook, openStage, type Stage } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'

describe('the session in Chromium', { skip: skipWithout(chromiumPath) }, () => {
  let stage: Stage

  before(async () => {
    stage = await openStage()
  })

  after(() => stage.close())

  it('is one cookie that scripts cannot read and other sites cannot send along', async () => {
    const visitor = await stage.visitor()
    const page = await visitor.newPage()
    await page.goto('/goodbye')
    assert.deepEqual(await visitor.cookies(), [])
    await enterBook(page, 'Ada')
    const [cookie, ...others] = await visitor.cookies()
    const { name, domain, path, httpOnly, secure, sameSite } = cookie ?? {}
    assert.deepEqual(others, [])
    assert.deepEqual(
      { name, domain, path, httpOnly, secure, sameSite },
      { name: 'session', domain: '127.0.0.1', path: '/', httpOnly: true, secure: false, sameSite: 'Lax' },
    )
    assert.equal(await page.evaluate(() => document.cookie), '')
  })

  it('is shared by a second tab', async () => {
    const visitor = await stage.visitor()
    const first = await visitor.newPage()
    await enterBook(first, 'Ada')
    const second = await visitor.newPage()
    await second.goto('/book')
    assert.equal(await second.getByRole('heading', { level: 1 }).textContent(), 'Good to see you, Ada.')
    await second.getByText('opened this book twice').waitFor()
    await first.reload()
    await first.getByText('opened this book 3 times').waitFor()
  })

  it('is gone after “Forget me”, with its cookie, in both tabs', async () => {
    const visitor = await stage.visitor()
    const first = await visitor.newPage()
    await enterBook(first, 'Ada')
    const second = await visitor.newPage()
    await second.goto('/book')
    await second.getByRole('button', { name: 'Forget me' }).click()
    await second.getByText('the cookie is gone').waitFor()
    assert.deepEqual(await visitor.cookies(), [])
    await first.reload()
    assert.equal(new URL(first.url()).pathname, '/')
  })

  it('does not end at the cost of what is typed in the other tab', async () => {
    const visitor = await stage.visitor()
    const first = await visitor.newPage()
    await enterBook(first, 'Ada')
    const second = await visitor.newPage()
    await second.goto('/book')
    await second.getByRole('button', { name: 'Forget me' }).click()
    await first.getByLabel('Your message').fill('Typed before')
    await first.getByRole('button', { name: 'Leave message' }).click()
    await first.getByRole('alert').waitFor()
    assert.equal(await first.getByLabel('Your message').inputValue(), 'Typed before')
  })
})
