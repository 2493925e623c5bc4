import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import type { Page, Response } from 'playwright-core'
import { photo as sunset } from '../clients/contents.ts'
import { chromiumPath, skipWithout } from './needs.ts'
import { axeFindings, markupFindings } from './uploads-checks.ts'
import { fog, openUploads, type UploadStage } from './uploads-stage.ts'

// <form method="post" action="/" enctype="multipart/form-data">
//   <label>Note <input name="note" maxlength="100" required></label>
//   <label>Photo <input type="file" name="photo" accept="image/png,image/jpeg" required></label>
//   <label>Place <input name="place"></label>  <button>Send</button>
// </form>
// A note of blanks is enough for the browser, and not for the server.

const skip = skipWithout(chromiumPath)
const mebibyte = 1024 ** 2
const photo = fog()

/** Presses the button, and gives the answer that the page is made of. */
async function send(page: Page): Promise<Response> {
  const answered = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: 'Send' }).click()
  const answer = await answered
  await page.waitForLoadState()
  return answer
}

async function alertOf(page: Page): Promise<string> {
  return (await page.getByRole('alert').textContent()) ?? ''
}

/** The bytes behind the link with the name of a picture. */
async function download(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const started = page.waitForEvent('download')
  await page.getByRole('link', { name }).click()
  const saved = await started
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) }
}

for (const javaScriptEnabled of [true, false]) {
  describe(`a photo in Chromium, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, { skip }, () => {
    let stage: UploadStage
    let photoPath: string
    let sunsetPath: string

    before(async () => {
      stage = await openUploads()
      photoPath = await stage.put('photo.png', photo)
      sunsetPath = await stage.put('Sonne über "東京".png', sunset)
    })

    after(() => stage.close())

    async function open(path: string): Promise<Page> {
      const page = await (await stage.visitor({ javaScriptEnabled })).newPage()
      await page.goto(path)
      return page
    }

    // The page with the form again, and a photo kept.
    async function openKept(): Promise<Page> {
      const page = await open('/')
      await page.getByLabel('Note').fill('   ')
      await page.getByLabel('Photo').setInputFiles(photoPath)
      assert.equal((await send(page)).status(), 422)
      return page
    }

    it('is kept while another field is corrected, and downloaded as the same bytes', async () => {
      const page = await openKept()
      assert.match(await alertOf(page), /Note: Please write a note\./)
      await page.getByText('photo.png, 1.2 MB, kept').waitFor()
      assert.equal(await page.getByLabel('Note').inputValue(), '   ')
      await page.getByLabel('Note').fill('In the fog')
      await send(page)
      await page.getByRole('heading', { name: 'In the fog' }).waitFor()
      const { name, bytes } = await download(page, 'photo.png')
      assert.equal(name, 'photo.png')
      assert.ok(bytes.equals(photo), `${bytes.length} bytes`)
      assert.deepEqual(await stage.lying(), { temporary: 0, kept: 0 })
    })

    it('that goes up at once comes down under the name it had', async () => {
      const page = await open('/')
      await page.getByLabel('Note').fill('The sun')
      await page.getByLabel('Photo').setInputFiles(sunsetPath)
      await send(page)
      const { name, bytes } = await download(page, 'Sonne über')
      assert.match(name, /^Sonne über .東京.\.png$/) // Chromium puts something else for quotes
      assert.ok(bytes.equals(sunset))
    })

    it('that is kept is removed by its box, and has to be chosen again', async () => {
      const page = await openKept()
      await page.getByLabel('Remove photo.png').check()
      await page.getByLabel('Note').fill('The sun')
      assert.equal((await send(page)).status(), 422)
      assert.equal(await page.getByText('kept').count(), 0)
      assert.match(await alertOf(page), /Photo: Please choose a photo\./)
      assert.equal(await page.getByLabel('Note').inputValue(), 'The sun')
      await page.getByLabel('Photo').setInputFiles(sunsetPath)
      await send(page)
      assert.ok((await download(page, 'Sonne über')).bytes.equals(sunset))
    })

    it('that is kept is replaced by another one', async () => {
      const page = await openKept()
      await page.getByText('A file that you choose replaces it.').waitFor()
      await page.getByLabel('Note').fill('The sun')
      await page.getByLabel('Photo', { exact: true }).setInputFiles(sunsetPath)
      await send(page)
      assert.equal(await page.getByRole('listitem').count(), 1)
      assert.ok((await download(page, 'Sonne über')).bytes.equals(sunset))
    })

    it('that is kept stays over a second mistake', async () => {
      const page = await openKept()
      assert.equal((await send(page)).status(), 422)
      await page.getByText('photo.png, 1.2 MB, kept').waitFor()
      await page.getByLabel('Note').fill('In the fog')
      await send(page)
      assert.ok((await download(page, 'photo.png')).bytes.equals(photo))
    })

    it('of another type than the page takes is not kept: it would be refused again', async () => {
      const page = await open('/')
      await page.getByLabel('Note').fill('A letter')
      await page.getByLabel('Photo').setInputFiles(await stage.put('letter.png', Buffer.from('Dear Ada')))
      assert.equal((await send(page)).status(), 422)
      assert.match(await alertOf(page), /Photo: Please choose a photo\./)
      assert.equal(await page.getByText('kept').count(), 0)
      assert.equal(await page.getByLabel('Photo', { exact: true }).getAttribute('required'), '')
    })

    it('over the limit of the page shows the form again, with a sentence and what was typed', async () => {
      const page = await open('/small')
      await page.getByLabel('Note').fill('The sea')
      await page.getByLabel('Photo').setInputFiles(await stage.put('large.png', { zeroBytes: 2 * mebibyte }))
      await page.getByLabel('Place').fill('Esbjerg')
      assert.equal((await send(page)).status(), 413)
      assert.match(await alertOf(page), /large\.png is larger than 300 kB\. Choose a smaller file\./)
      assert.equal(await page.getByLabel('Note').inputValue(), 'The sea')
      assert.equal(await page.getByLabel('Place').inputValue(), 'Esbjerg')
      await page.getByLabel('Photo').setInputFiles(sunsetPath)
      await send(page)
      await page.getByRole('heading', { name: 'The sea' }).waitFor()
    })

    it('far over the limit of any form shows it again too: the connection is not reset', async () => {
      const page = await open('/')
      await page.getByLabel('Note').fill('The ocean')
      await page.getByLabel('Photo').setInputFiles(await stage.put('vast.png', { zeroBytes: 60 * mebibyte }))
      assert.equal((await send(page)).status(), 413)
      assert.match(await alertOf(page), /larger than/)
      assert.equal(await page.getByLabel('Note').inputValue(), 'The ocean')
      await page.getByLabel('Photo').setInputFiles(sunsetPath)
      await send(page)
      await page.getByRole('heading', { name: 'The ocean' }).waitFor()
      assert.deepEqual((await stage.lying()).temporary, 0)
    })

    it('leaves what was typed in the form, for who goes Back', async () => {
      const page = await open('/')
      await page.getByLabel('Note').fill('The sun')
      await page.getByLabel('Photo').setInputFiles(sunsetPath)
      await send(page)
      await page.getByRole('heading', { name: 'The sun' }).waitFor()
      await page.goBack()
      assert.equal(new URL(page.url()).pathname, '/')
      assert.equal(await page.getByLabel('Note').inputValue(), 'The sun')
    })

    it('leaves what was typed in the corrected form too', async () => {
      const page = await openKept()
      await page.getByLabel('Note').fill('In the fog')
      await send(page)
      await page.getByRole('heading', { name: 'In the fog' }).waitFor()
      await page.goBack()
      assert.equal(await page.getByLabel('Note').inputValue(), 'In the fog')
    })

    it('is one of several: those kept stay, those chosen are added, and one can be removed', async () => {
      const page = await open('/several')
      await page.getByLabel('Note').fill('   ')
      await page.getByLabel('Photos').setInputFiles([photoPath, sunsetPath])
      assert.equal((await send(page)).status(), 422)
      await page.getByText('photo.png, 1.2 MB, kept').waitFor()
      await page.getByText(/Sonne über "東京"\.png, \d+ bytes, kept/).waitFor()
      await page.getByText('Files that you choose are added.').waitFor()
      await page.getByLabel('Remove photo.png').check()
      await page.getByLabel('Note').fill('Two suns')
      await page.getByLabel('Photos', { exact: true }).setInputFiles([await stage.put('second.png', sunset)])
      await send(page)
      assert.deepEqual(await page.getByRole('listitem').allInnerTexts(), ['Sonne über "東京".png', 'second.png'])
      assert.ok((await download(page, 'second.png')).bytes.equals(sunset))
    })
  })
}

describe('a form that is shown again with files', { skip }, () => {
  let stage: UploadStage

  before(async () => {
    stage = await openUploads()
  })

  after(() => stage.close())

  const pages: readonly [name: string, path: string, label: string, note: string, files: readonly string[]][] = [
    ['422 with a file kept', '/', 'Photo', '   ', ['photo.png']],
    ['422 with several files kept', '/several', 'Photos', '   ', ['photo.png', 'sun "東京".png']],
    ['422 with a file of another type', '/', 'Photo', 'A letter', ['letter.png']],
    ['413 with a file over the limit of the page', '/small', 'Photo', 'The sea', ['large.png']],
    ['413 with a form over the limit of all', '/', 'Photo', 'The ocean', ['vast.png']],
  ]

  for (const [name, path, label, note, files] of pages) {
    it(`gives axe and html-validate nothing to find: ${name}`, async () => {
      await stage.put('photo.png', photo)
      await stage.put('sun "東京".png', sunset)
      await stage.put('letter.png', Buffer.from('Dear Ada'))
      await stage.put('large.png', { zeroBytes: 2 * mebibyte })
      const vast = await stage.put('vast.png', { zeroBytes: 21 * mebibyte })
      const page = await (await stage.visitor()).newPage()
      await page.goto(path)
      await page.getByLabel('Note').fill(note)
      await page.getByLabel(label).setInputFiles(files.map((file) => vast.replace('vast.png', file)))
      const answer = await send(page)
      assert.equal(String(answer.status()), name.slice(0, 3))
      if (name.endsWith(' kept')) assert.equal(await page.getByText(/, kept$/).count(), files.length)
      assert.deepEqual(await markupFindings(await answer.text()), [])
      assert.deepEqual(await axeFindings(page), [])
    })
  }
})
