import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serve } from 'dewar/node'
import type { Page } from 'playwright-core'
import checkout, { database as shop } from '../../examples/checkout/app.ts'
import login from '../../examples/login/app.ts'
import notes from '../../templates/plain/app.ts'
import { findings } from './axe-findings.ts'
import { launch } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'

/** One page with its title, as a visitor comes to it from the stop before. */
type Stop = readonly [name: string, title: string, go: (page: Page) => Promise<unknown>]

const press = (page: Page, button: string): Promise<void> => page.getByRole('button', { name: button }).click()

async function order(page: Page, email: string): Promise<void> {
  await page.getByLabel('Your name').fill('W'.repeat(80))
  await page.getByLabel('Your e-mail address').fill(email)
  await press(page, 'Order')
}

const checkoutTour: readonly Stop[] = [
  ['the shelf', 'The Print Room', (page) => page.goto('/')],
  ['a print', 'Moon over hills · The Print Room', (page) => page.goto('/prints/moon')],
  [
    'a print with an error',
    'Moon over hills · The Print Room',
    (page) => order(page, `${'w'.repeat(60)}@${'w'.repeat(300)}.example`),
  ],
  ['a receipt', 'Receipt 1 · The Print Room', (page) => order(page, `${'w'.repeat(60)}@example.org`)],
  ['the same form, changed', 'Moon over hills · The Print Room', buySomethingElse],
  ['a print that is sold out', 'A pear · The Print Room', findAllSold],
  ['the shelf without prints', 'The Print Room', (page) => page.goto('/')],
  ['a page that is not there', 'Not found · The Print Room', (page) => page.goto('/nowhere')],
]

async function enter(page: Page, password: string, button: string): Promise<void> {
  await page.getByLabel('Your name').fill('W'.repeat(40))
  await page.getByLabel('password').fill(password)
  await press(page, button)
}

const loginTour: readonly Stop[] = [
  ['the front page', 'The club', (page) => page.goto('/')],
  ['the way in', 'Log in · The club', (page) => page.goto('/members')],
  ['the login with an error', 'Log in · The club', (page) => enter(page, 'wrong', 'Log in')],
  ['the sign-up', 'Sign up · The club', (page) => page.goto('/sign-up')],
  ['the members’ page', 'Members · The club', (page) => enter(page, 'correct horse battery', 'Sign up')],
  ['the devices', 'Your devices · The club', (page) => page.goto('/members/devices')],
  ['the devices without a message', 'Your devices · The club', (page) => page.reload()],
  ['the front page of a member', 'The club', (page) => page.goto('/')],
  ['the front page after a logout', 'The club', (page) => press(page, 'Log out')],
  ['a page that is not there', 'Not found · The club', (page) => page.goto('/nowhere')],
]

const keep = async (page: Page, text: string): Promise<void> => {
  await page.getByLabel('A thing to remember').fill(text)
  await press(page, 'Keep it')
}

const notesTour: readonly Stop[] = [
  ['the form', 'Notes', (page) => page.goto('/')],
  ['a note', 'Notes', (page) => keep(page, 'W'.repeat(200))],
  ['a note with an error', 'Notes', (page) => keep(page, 'W'.repeat(201))],
  ['nothing kept', 'Notes', (page) => press(page, 'Forget all of it')],
]

async function buySomethingElse(page: Page): Promise<void> {
  await page.goBack()
  await order(page, 'ada@example.org')
}

async function findAllSold(page: Page): Promise<void> {
  shop.exec('UPDATE products SET stock = 0')
  await page.goto('/prints/pear')
}

describe('axe', { skip: skipWithout(chromiumPath) }, () => {
  for (const [name, app, tour] of [
    ['checkout', checkout, checkoutTour],
    ['login', login, loginTour],
    ['new app', notes, notesTour],
  ] as const) {
    it(`finds nothing on any page of the ${name}, in light and dark, on a phone and on a desktop`, async () => {
      const server = await serve(app, { port: 0, quiet: true, stopOnSignals: false })
      const browser = await launch()
      try {
        const page = await (await browser.newContext({ baseURL: server.url })).newPage()
        // What a person has typed without heeding what the browser says of it.
        await page.addInitScript(() => {
          addEventListener('DOMContentLoaded', () => {
            for (const form of document.forms) form.noValidate = true
          })
        })
        for (const [stop, title, go] of tour) {
          await go(page)
          await page.waitForLoadState()
          assert.equal(await page.title(), title, stop)
          assert.deepEqual(await findings(page), [], stop)
          const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
          assert.equal(isWide, false, `${stop} is wider than the window`)
        }
      } finally {
        await browser.close()
        await server.stop()
      }
    })
  }
})
