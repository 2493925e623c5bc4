import { mkdir, writeFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { awkward, decodedPercents, everyday, percents } from './awkward.ts'
import { letter, nothing, photo, tricky } from './contents.ts'
import { launchChromium } from './launch-chromium.ts'
import { field, file, type Meant } from './meant.ts'
import { type Client, layOut, type Sending } from './sending.ts'

/** Chromium: forms that are filled in and sent, and `fetch` with a FormData. It writes files to the folder. */
export async function chromiumClient(folder: string): Promise<Client> {
  const browser = await launchChromium()
  const loses = 'Whether %22, %0D and %0A in a name stand for a character. HTML §4.10.22.8 has it so.'
  return {
    version: `Chromium ${browser.version()}`,
    sendings: [
      await filledForm(browser, `${folder}/chromium-form`),
      await folderForm(browser, `${folder}/chromium-folder`),
      latin1Form(browser),
      fetching(browser, 'chromium-everyday', everyday),
      fetching(browser, 'chromium-awkward', awkward),
      { ...fetching(browser, 'chromium-percents', percents), entries: decodedPercents, loses },
    ],
    sendFile: (url, path) => sendChosen(browser, { url, path, input: '<input type="file" name="file">' }),
    close: () => browser.close(),
  }
}

const form = `<form method="post" enctype="multipart/form-data">
<input type="hidden" name="_charset_">
<input name="title"><input name="say &quot;hi&quot;" value="a\\b"><input name="100%" value="50%25"><input name="back\\slash">
<textarea name="letter" dirname="letter.dir"></textarea>
<input name="" value="never sent"><input value="never sent"><input name="off" disabled value="never sent">
<input type="checkbox" name="agreed"><input type="checkbox" name="more" value="never sent">
<select name="extras" multiple><option>Milk</option><option>Sugar</option><option value="&#x1F36A;">Biscuit</option></select>
<input type="file" name="photos" multiple><input type="file" name="none"><input type="file" name="nöne" multiple>
<input type="file" name="one &quot;file&quot;">
<button name="button" value="other">Other</button><button name="button" value="send">Send</button>
</form>`

// Every control has its say, in the order of the page. The letter was typed with line feeds.
async function filledForm(browser: Browser, folder: string): Promise<Sending> {
  const files = [
    file('photos', 'photo.png', photo, 'image/png'),
    file('photos', 'Grüße 東京 🗼.txt', letter, 'text/plain'),
    file('photos', 'a "quoted" file, 50%.txt', letter, 'text/plain'),
    file('photos', 'back\\slash.bin', tricky, 'application/octet-stream'),
    file('photos', 'line\nand\rreturn', nothing, 'application/octet-stream'),
  ]
  const single = file('one "file"', 'empty.txt', nothing, 'text/plain')
  const entries = [
    field('_charset_', 'UTF-8'),
    field('title', 'Grüße aus 東京 🗼'),
    field('say "hi"', 'a\\b'),
    field('100%', '50%25'),
    field('back\\slash', ''),
    field('letter', 'one\r\n\r\ntwo "three"\r\n'),
    field('letter.dir', 'ltr'),
    field('agreed', 'on'),
    field('extras', 'Milk'),
    field('extras', '🍪'),
    ...files,
    file('none', '', nothing, 'application/octet-stream'),
    file('nöne', '', nothing, 'application/octet-stream'),
    single,
    field('button', 'send'),
  ]
  const paths = await layOut(folder, [...files, single])
  const send = (url: string): Promise<number> =>
    withPage(browser, url, async (page) => {
      await page.setContent(form.replace('<form', `<form action="${url}"`))
      await page.locator('[name=title]').fill('Grüße aus 東京 🗼')
      await page.locator('textarea').fill('one\n\ntwo "three"\n')
      await page.locator('[name=agreed]').check()
      await page.locator('select').selectOption(['Milk', '🍪'])
      await page.locator('[name=photos]').setInputFiles(paths.slice(0, files.length))
      await page.locator('[name^=one]').setInputFiles(paths.slice(files.length))
      return await sendFrom(page, url)
    })
  return { name: 'chromium-form', entries, send }
}

// A chosen folder: the name of each file is its path from that folder on.
async function folderForm(browser: Browser, folder: string): Promise<Sending> {
  await mkdir(`${folder}/album/sea`, { recursive: true })
  await writeFile(`${folder}/album/sea/photo.png`, photo)
  const entries = [file('album', 'album/sea/photo.png', photo, 'image/png')]
  const input = '<input type="file" name="album" webkitdirectory>'
  const send = (url: string): Promise<number> => sendChosen(browser, { url, path: `${folder}/album`, input })
  return { name: 'chromium-folder', entries, send }
}

interface Chosen {
  readonly url: string
  /** Of a file, or of a folder if the input takes one. */
  readonly path: string
  readonly input: string
}

function sendChosen(browser: Browser, { url, path, input }: Chosen): Promise<number> {
  return withPage(browser, url, async (page) => {
    const content = `${input}<button>Send</button>`
    await page.setContent(`<form method="post" action="${url}" enctype="multipart/form-data">${content}</form>`)
    await page.locator('input').setInputFiles(path)
    return await sendFrom(page, url)
  })
}

// A page can ask for another encoding. Dewar's pages never do.
function latin1Form(browser: Browser): Sending {
  const send = (url: string): Promise<number> =>
    withPage(browser, url, async (page) => {
      const form = '<form method="post" enctype="multipart/form-data" accept-charset="iso-8859-1"'
      await page.setContent(`${form} action="${url}"><input name="title" value="Grüße"><button>Send</button></form>`)
      return await sendFrom(page, url)
    })
  return { name: 'chromium-latin1', entries: [field('title', 'Grüße')], refused: 'form/not-utf8', send }
}

function fetching(browser: Browser, name: string, entries: readonly Meant[]): Sending {
  const told = entries.map((entry) => ('value' in entry ? entry : { ...entry, bytes: [...entry.bytes] }))
  const send = (url: string): Promise<number> => withPage(browser, url, (page) => page.evaluate(post, { url, told }))
  return { name, entries, send }
}

// In the page. A File of no type is sent as application/octet-stream.
async function post({ url, told }: { url: string; told: readonly Told[] }): Promise<number> {
  const body = new FormData()
  for (const entry of told) {
    if ('value' in entry) {
      body.append(entry.name, entry.value)
      continue
    }
    const type = entry.type === 'application/octet-stream' ? '' : (entry.type ?? '')
    body.append(entry.name, new File([new Uint8Array(entry.bytes)], entry.filename, { type }))
  }
  const answer = await fetch(url, { method: 'POST', body })
  await answer.text()
  return answer.status
}

type Told =
  | { readonly name: string; readonly value: string }
  | {
      readonly name: string
      readonly filename: string
      readonly type: string | null
      readonly bytes: readonly number[]
    }

// A page of the server itself, so that what it sends is not sent from elsewhere.
async function withPage(browser: Browser, url: string, use: (page: Page) => Promise<number>): Promise<number> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(new URL('/', url).href)
    return await use(page)
  } finally {
    await context.close()
  }
}

async function sendFrom(page: Page, url: string): Promise<number> {
  const answered = page.waitForResponse(url)
  await page.getByRole('button', { name: 'Send' }).click()
  const answer = await answered
  await answer.finished()
  return answer.status()
}
