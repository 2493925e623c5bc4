import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as z from 'zod'
import { form } from '../../src/form/form.ts'
import type { KeptFile } from '../../src/form/kept.ts'
import type { Issue } from '../../src/form/submission.ts'
import { FormView } from '../../src/form/view.ts'
import { html } from '../../src/html/html.ts'
import { type FileDemand, fileLibraries, fileOf } from './file-schemas.ts'
import { assertValidHtml, pageOf } from './support.ts'

interface Again {
  readonly kept?: Readonly<Record<string, readonly KeptFile[]>>
  readonly issues?: readonly Issue[]
  readonly options?: object
}

/** The form of a schema as it stands in a page, with what is kept of an earlier try. */
function viewOf(schema: StandardSchemaV1, { kept = {}, issues = [], options = {} }: Again = {}): FormView {
  const typed = Object.keys(kept).length + issues.length === 0 ? null : new Map<string, string[]>()
  return new FormView({
    form: form(schema, options),
    action: '/',
    typed,
    issues,
    kept: new Map(Object.entries(kept)),
    hidden: () => null,
  })
}

async function validly(view: FormView): Promise<string> {
  await assertValidHtml(String(pageOf(html`${view}`)))
  return String(view.toHtml())
}

const portrait: KeptFile = { name: 'photo.png', size: 1_258_291, token: 'token-1' }
const scan: KeptFile = { name: 'scan.pdf', size: 640, token: 'token-2' }
const onePhoto = z.object({ photo: z.file() })
const manyPhotos = z.object({ photos: z.array(z.file()).min(1) })

describe('a form with a file field', () => {
  const accept: Partial<Record<FileDemand, RegExp>> = {
    'a file': /<input type="file" id="form-photo" name="photo" required>/,
    'a file that may be missing': /<input type="file" id="form-photo" name="photo">/,
    'a file or null': /<input type="file" id="form-photo" name="photo">/,
    'png or jpeg of at most 1000 bytes':
      /<input type="file" id="form-photo" name="photo" accept="image\/(?:png,image\/jpeg|jpeg,image\/png)" required>/,
    files: /<input type="file" id="form-photos" name="photos" multiple>/,
    'at least one file': /<input type="file" id="form-photos" name="photos" required multiple>/,
    'an album that may be missing': /<input type="file" id="form-album-photo" name="album.photo">/,
    rows: /<input type="file" id="form-items-0-photo" name="items.0.photo">/,
  }
  for (const { name, schemas } of fileLibraries) {
    it(`is sent as multipart/form-data and asks for files as ${name} says`, async () => {
      for (const [demand, input] of Object.entries(accept)) {
        const page = await validly(viewOf(schemas[demand as FileDemand]))
        assert.match(
          page,
          /^<form method="post" action="\/" enctype="multipart\/form-data" class="dewar-form">/,
          demand,
        )
        assert.match(page, input, demand)
      }
    })
  }

  it('says so when it is laid out by hand, and a form without one does not', () => {
    assert.match(String(viewOf(onePhoto).attributes), /enctype="multipart\/form-data"/)
    assert.doesNotMatch(String(viewOf(z.object({ note: z.string() })).attributes), /enctype/)
  })

  it('labels its input, and ties it to its hint and its error', async () => {
    const options = { fields: { photo: { hint: 'At most 5 MB.' } } }
    const issues = [{ name: 'photo', message: 'Choose one file.' }]
    assert.equal(
      String(viewOf(onePhoto, { options, issues }).field('photo')),
      `<div class="dewar-field"><label for="form-photo">Photo</label><p class="dewar-hint" id="form-photo--hint">At most 5 MB.</p>` +
        '<input type="file" id="form-photo" name="photo" required aria-invalid="true" aria-describedby="form-photo--hint form-photo--error">' +
        '<p class="dewar-error" id="form-photo--error">Choose one file.</p></div>\n',
    )
  })

  it('has nothing that a file input has no place for', () => {
    const options = { fields: { photo: { placeholder: 'a.png', autocomplete: 'photo' } } }
    const input = '<input type="file" id="form-photo" name="photo" required>'
    assert.equal(String(viewOf(onePhoto, { options }).control('photo')), input)
  })

  it('links an issue about one of several files to their input', async () => {
    const view = viewOf(manyPhotos, { issues: [{ name: 'photos.1', message: 'Too big.' }] })
    assert.match(await validly(view), /<a href="#form-photos">Photos<\/a>: Too big\.<\/li>/)
    assert.match(String(view.field('photos')), /id="form-photos--error">Too big\./)
  })

  it('never holds a value, whatever it is filled with', async () => {
    const view = viewOf(z.object({ photo: z.file(), photos: z.array(z.file()), note: z.string() }))
    const filled = view.fill({ photo: fileOf('a.png'), photos: [fileOf('b.png')], note: 'x' })
    assert.equal(
      await validly(filled),
      (await validly(view)).replace('name="note"', 'name="note" value="x"').replace(' value=""', ''),
    )
    assert.equal(String(filled.field('photo')), String(view.field('photo')))
    assert.equal(filled.value('photo'), '')
    const own = String(view.control('photo', { value: 'a.png', type: 'text', class: 'wide' }))
    assert.equal(own, '<input type="file" id="form-photo" name="photo" required class="wide">')
  })
})

describe('a file that is kept', () => {
  it('is told before the input, can be removed, and is replaced by another', async () => {
    const page = await validly(viewOf(onePhoto, { kept: { photo: [portrait] } }))
    const field = `<div class="dewar-field"><label for="form-photo">Photo</label><span class="dewar-kept"> <span id="form-photo--kept-1"><bdi>photo.png</bdi>, 1.2 MB, kept</span> <input type="hidden" name="_kept.photo" value="token-1"><label class="dewar-choice"><input type="checkbox" name="_remove.photo" value="token-1" aria-label="Remove photo.png"> Remove</label><br>
<span class="dewar-hint" id="form-photo--choose">A file that you choose replaces it.</span><br></span>
<input type="file" id="form-photo" name="photo" aria-describedby="form-photo--kept-1 form-photo--choose"></div>
`
    assert.ok(page.includes(field), page)
  })

  it('stands beside others, to which those that are chosen are added', async () => {
    const page = await validly(viewOf(manyPhotos, { kept: { photos: [portrait, scan] } }))
    assert.match(page, /photo\.png<\/bdi>, 1\.2 MB, kept<\/span>[\s\S]*scan\.pdf<\/bdi>, 640 bytes, kept<\/span>/)
    assert.match(page, /name="_kept\.photos" value="token-1"[\s\S]*name="_kept\.photos" value="token-2"/)
    assert.match(page, /name="_remove\.photos" value="token-2" aria-label="Remove scan\.pdf"/)
    assert.match(page, /Files that you choose are added\./)
    assert.match(
      page,
      /name="photos" multiple aria-describedby="form-photos--kept-1 form-photos--kept-2 form-photos--choose">/,
    )
  })

  it('that is one of two for a field of one file is replaced with them', async () => {
    assert.match(await validly(viewOf(onePhoto, { kept: { photo: [portrait, scan] } })), /you choose replaces them\./)
  })

  it('is not asked for again, even if the author says so', () => {
    const view = viewOf(onePhoto, { kept: { photo: [portrait] } })
    assert.doesNotMatch(String(view.control('photo', { required: true })), /required/)
    assert.match(String(viewOf(onePhoto).control('photo')), /required/)
  })

  it('stands before its control where that is laid out by hand, in a paragraph too', async () => {
    const view = viewOf(onePhoto, { kept: { photo: [portrait] } })
    const page = pageOf(html`<form ${view.attributes}>
<p><label for="form-photo">Photo</label> ${view.control('photo')}</p>
<button type="submit">Send</button>
</form>`)
    await assertValidHtml(String(page))
    assert.match(
      String(view.control('photo')),
      /^<span class="dewar-kept">[\s\S]*name="_kept\.photo"[\s\S]*<input type="file"[^>]*>$/,
    )
  })

  it('is tied to the input beside its hint and its error', async () => {
    const options = { fields: { photo: { hint: 'Of you.' } } }
    const issues = [{ name: 'photo', message: 'Choose one file.' }]
    const page = await validly(viewOf(onePhoto, { kept: { photo: [portrait] }, issues, options }))
    const [, ids = ''] = /type="file"[^>]*aria-describedby="([^"]*)"/.exec(page) ?? []
    assert.deepEqual(ids.split(' '), [
      'form-photo--hint',
      'form-photo--kept-1',
      'form-photo--choose',
      'form-photo--error',
    ])
    for (const id of ids.split(' ')) assert.match(page, new RegExp(` id="${id}"`))
  })

  it('stands in the row and in the group that it belongs to', async () => {
    const row = z.object({ sku: z.string(), photo: z.file().optional() })
    const schema = z.object({ items: z.array(row), album: z.object({ photo: z.file() }) })
    const page = await validly(viewOf(schema, { kept: { 'items.1.photo': [portrait], 'album.photo': [scan] } }))
    assert.match(page, /name="_kept\.items\.1\.photo" value="token-1"/)
    assert.match(page, /<legend>Items 2<\/legend>[\s\S]*name="_kept\.items\.1\.photo"[\s\S]*<legend>Items 3<\/legend>/)
    assert.match(page, /<legend>Album<\/legend>[\s\S]*name="_kept\.album\.photo" value="token-2"/)
  })

  it('is not shown under a name that begins with _, nor under one of another field', async () => {
    const schema = z.object({ _proof: z.file(), note: z.string() })
    const page = await validly(viewOf(schema, { kept: { _proof: [portrait], note: [portrait], other: [portrait] } }))
    assert.doesNotMatch(page, /kept|photo\.png|token-1/)
    const shown = viewOf(z.object({ passwordFile: z.file() }), { kept: { passwordFile: [portrait] } })
    assert.match(await validly(shown), /photo\.png<\/bdi>, 1\.2 MB, kept/)
  })

  it('is kept when the form is filled with values', () => {
    assert.match(
      String(
        viewOf(onePhoto, { kept: { photo: [portrait] } })
          .fill({})
          .field('photo'),
      ),
      /token-1/,
    )
  })
})

describe('the name of a kept file', () => {
  const named = (name: string, token = 'x') =>
    validly(viewOf(onePhoto, { kept: { photo: [{ name, size: 1, token }] } }))

  it('is text, whatever stands in it', async () => {
    const page = await named('"><script>alert(1)</script>&amp;', '"><b>')
    const name = '<bdi>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;</bdi>, 1 byte, kept'
    assert.ok(page.includes(name), page)
    assert.doesNotMatch(page, /<script|"><b>/)
  })

  it('turns nothing around', async () => {
    const page = await named('photo\u202Egnp.exe')
    assert.ok(page.includes('<bdi>photo\uFFFDgnp.exe</bdi>'))
    assert.ok(page.includes('aria-label="Remove photo\uFFFDgnp.exe"'))
    assert.ok(!page.includes('\u202E'))
  })

  it('has no control characters and is never empty', async () => {
    assert.ok((await named('a\0b\r\nc\u001B[1m')).includes('<bdi>a\uFFFDb\uFFFD\uFFFDc\uFFFD[1m</bdi>'))
    assert.ok((await named(' ')).includes('<bdi>Unnamed file</bdi>'))
  })
})
