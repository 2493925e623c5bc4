import type { Page } from 'playwright-core'

/** One page of the guestbook, as a visitor comes to it from the stop before. */
export interface Stop {
  readonly name: string
  go(page: Page): Promise<unknown>
}

/** Every page of the guestbook, with the longest name and message that it takes. */
export const tour: readonly Stop[] = [
  { name: 'the front page', go: (page) => page.goto('/') },
  { name: 'the front page with an error', go: (page) => send(page, 'Your name', '   ', 'Sign in') },
  { name: 'the thank-you page', go: (page) => send(page, 'Your name', 'W'.repeat(40), 'Sign in') },
  { name: 'the book', go: (page) => page.goto('/book') },
  { name: 'the book with an error', go: (page) => send(page, 'Your message', '   ', 'Leave message') },
  { name: 'the thank-you page', go: (page) => send(page, 'Your message', 'm'.repeat(500), 'Leave message') },
  { name: 'the book with a message', go: (page) => page.goto('/book') },
  { name: 'the form for another name', go: (page) => page.goto('/name') },
  { name: 'the form for another name with an error', go: (page) => send(page, 'Your name', '   ', 'Change name') },
  { name: 'the goodbye page', go: (page) => page.getByRole('button', { name: 'Forget me' }).click() },
  { name: 'a page that is not there', go: (page) => page.goto('/nowhere') },
]

async function send(page: Page, label: string, text: string, button: string): Promise<void> {
  await page.getByLabel(label).fill(text)
  await page.getByRole('button', { name: button }).click()
}
