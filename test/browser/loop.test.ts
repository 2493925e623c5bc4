import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { enterBook, openStage, type Stage } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'

// /book  <form method="post" action="/book"><textarea name="message" required maxlength="500"></textarea>
//        <button type="submit">Leave message</button></form>

for (const javaScriptEnabled of [true, false]) {
  const skip = skipWithout(chromiumPath)

  describe(`the loop in Chromium, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, { skip }, () => {
    let stage: Stage

    before(async () => {
      stage = await openStage()
    })

    after(() => stage.close())

    it('goes from the form to a thank-you page, whose reload sends no second POST', async () => {
      const page = await (await stage.visitor({ javaScriptEnabled })).newPage()
      await enterBook(page, 'Ada')
      const before = stage.asked.length
      await page.getByLabel('Your message').fill('Hello')
      await page.getByRole('button', { name: 'Leave message' }).click()
      await page.getByText('Your message is in the book.').waitFor()
      await page.reload()
      await page.reload()
      assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Thank you, Ada.')
      assert.deepEqual(stage.asked.slice(before), ['POST /book', ...Array(3).fill('GET /thank-you')])
    })

    it('goes Back to the form with the text in it', async () => {
      const page = await (await stage.visitor({ javaScriptEnabled })).newPage()
      await enterBook(page, 'Ada')
      await page.getByLabel('Your message').fill('Two lines\nof text')
      await page.getByRole('button', { name: 'Leave message' }).click()
      await page.waitForURL('/thank-you')
      await page.goBack()
      assert.equal(new URL(page.url()).pathname, '/book')
      assert.equal(await page.getByLabel('Your message').inputValue(), 'Two lines\nof text')
    })

    it('shows an invalid entry again as it was typed, and leaves no message', async () => {
      const page = await (await stage.visitor({ javaScriptEnabled })).newPage()
      await enterBook(page, 'Ada')
      await page.getByLabel('Your message').fill('   ')
      await page.getByRole('button', { name: 'Leave message' }).click()
      await page.getByRole('alert').waitFor()
      assert.equal(await page.getByLabel('Your message').inputValue(), '   ')
      assert.equal(await page.locator('.words').filter({ hasText: /^\s*$/ }).count(), 0)
    })

    it('starts the form for another name with the one in use', async () => {
      const page = await (await stage.visitor({ javaScriptEnabled })).newPage()
      await enterBook(page, 'Ada')
      await page.getByRole('link', { name: 'Change name' }).click()
      assert.equal(await page.getByLabel('Your name').inputValue(), 'Ada')
      await page.getByLabel('Your name').fill('Countess')
      await page.getByRole('button', { name: 'Change name' }).click()
      await page.getByText('Your name is changed.').waitFor()
      assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Thank you, Countess.')
    })
  })
}
