import type { BrowserContextOptions } from 'playwright-core'
import { book } from '../../examples/guestbook/app.ts'
import { enterBook, openStage, type Stage } from './chromium.ts'
import { oncePages } from './once-pages.ts'

// Takes the pictures in docs/images: of the guestbook, and of the pages for a form that was sent before.

const guests: readonly [name: string, writtenAt: string, message: string][] = [
  ['Mirjam', '2026-03-02T16:20', 'Found this on the first try, signed with my left hand. It remembers me anyway.'],
  [
    'Jonas',
    '2026-03-05T07:48',
    'Pressed reload eleven times out of habit.\nStill only one message. I could get used to this.',
  ],
  ['Tomás', '2026-03-07T09:12', '<b>I only wanted to see whether this would turn bold.</b> It does not. Well done.'],
  [
    'Ines & Paul',
    '2026-03-08T18:05',
    'We came for the coffee and stayed for the view. Thank you for leaving the light on!',
  ],
]
const images = new URL('../../docs/images/', import.meta.url).pathname
const desktop = { width: 1280, height: 910 }
const phone = { width: 390, height: 844 }

for (const [name, writtenAt, message] of guests) book.add({ name, writtenAt: new Date(`${writtenAt}Z`), message })
const stage = await openStage()
await shoot(stage, 'guestbook', { viewport: desktop, colorScheme: 'light' })
await shoot(stage, 'guestbook-dark', { viewport: desktop, colorScheme: 'dark' })
await shoot(stage, 'guestbook-phone', { viewport: phone, colorScheme: 'light', deviceScaleFactor: 2, isMobile: true })
await shootBack(stage)
await shootStatus(stage)
await stage.close()

async function shoot(on: Stage, name: string, options: BrowserContextOptions): Promise<void> {
  const page = await (await on.visitor(options)).newPage()
  await enterBook(page, 'Ada')
  for (let visit = 2; visit <= 3; visit++) await page.goto('/book')
  await page.screenshot({ path: `${images}${name}.png` })
}

// A message is left, and after Back another one.
async function shootBack(on: Stage): Promise<void> {
  const page = await (await on.visitor({ viewport: { width: 1000, height: 620 }, colorScheme: 'light' })).newPage()
  await enterBook(page, 'Ada')
  for (const message of ['Hello from the ferry.', 'Hello from the lighthouse.']) {
    await page.getByLabel('Your message').fill(message)
    await page.getByRole('button', { name: 'Leave message' }).click()
    if (message.includes('ferry')) {
      await page.waitForURL('/thank-you')
      await page.goBack()
    }
  }
  await page.getByRole('alert').waitFor()
  await page.screenshot({ path: `${images}once-changed.png` })
}

async function shootStatus(on: Stage): Promise<void> {
  const page = await (await on.visitor({ viewport: { width: 640, height: 260 }, colorScheme: 'light' })).newPage()
  const waiting = (await oncePages()).find(({ html }) => html.includes('Still working'))
  await page.setContent(waiting?.html ?? '')
  await page.screenshot({ path: `${images}once-status.png` })
}
