import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { findings } from './axe-findings.ts'
import { openStage, type Stage } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'
import { oncePages } from './once-pages.ts'
import { ownPages } from './own-pages.ts'
import { tour } from './tour.ts'

describe('axe', { skip: skipWithout(chromiumPath) }, () => {
  let stage: Stage

  before(async () => {
    stage = await openStage()
  })

  after(() => stage.close())

  it('finds nothing on any page of the guestbook, in light and dark, on a phone and on a desktop', async () => {
    const page = await (await stage.visitor()).newPage()
    for (const { name, go } of tour) {
      await go(page)
      await page.waitForLoadState()
      assert.deepEqual(await findings(page), [], name)
    }
  })

  for (const env of ['development', 'production'] as const) {
    it(`finds nothing on any page that Dewar shows by itself in ${env}`, async (t) => {
      t.mock.method(console, 'error', () => {})
      const page = await (await stage.visitor()).newPage()
      for (const { name, html } of await ownPages(env)) {
        await page.setContent(html)
        assert.deepEqual(await findings(page), [], name)
      }
    })
  }

  it('finds nothing on any page for a form that was sent before', async () => {
    const page = await (await stage.visitor()).newPage()
    for (const { name, html } of await oncePages()) {
      await page.setContent(html)
      assert.deepEqual(await findings(page), [], name)
    }
  })

  it('finds what is wrong with a page', async () => {
    const page = await (await stage.visitor()).newPage()
    await page.setContent('<!doctype html><title>Wrong</title><main><h1>Wrong</h1><input></main>')
    assert.match((await findings(page)).join('\n'), /html-has-lang[\s\S]*label/)
  })
})
