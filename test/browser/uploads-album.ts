import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { attachment, Dewar, form, type Html, html, type Redirect, redirect, type UploadedFile } from 'dewar'
import * as z from 'zod'

const picture = z.file('Please choose a photo.').mime(['image/png', 'image/jpeg'])
const note = z.string().trim().min(1, 'Please write a note.').max(100)

const one = form(z.object({ note, photo: picture, place: z.string().optional() }), { button: 'Send' })
const several = form(z.object({ note, photos: z.array(picture).min(1).max(3) }), { button: 'Send' })

/** Largest file that `/small` takes, in bytes. */
export const smallBytes: number = 300 * 1024

interface Picture {
  readonly id: number
  readonly name: string
  readonly path: string
}

interface Entry {
  readonly note: string
  readonly pictures: readonly Picture[]
}

/**
 * An album: `/` takes one photo with a note, `/small` too but only small ones, `/several` takes up to three. Each goes on
 * to a page from which the photos can be downloaded. All lies in the folder.
 */
export function createAlbum(folder: string): Dewar {
  const secret = randomBytes(32).toString('base64url')
  const app = new Dewar({ secret, env: 'production', uploads: { folder } })
  const entries: Entry[] = []
  const pictures: Picture[] = []

  async function keep(file: UploadedFile): Promise<Picture> {
    const id = pictures.length + 1
    const kept = { id, name: file.name, path: join(folder, `${id}-${file.safeName}`) }
    pictures.push(kept)
    await file.moveTo(kept.path)
    return kept
  }

  async function add(text: string, files: readonly UploadedFile[]): Promise<Redirect> {
    const kept: Picture[] = []
    for (const file of files) kept.push(await keep(file))
    return redirect(`/entries/${entries.push({ note: text, pictures: kept })}`)
  }

  for (const [path, limits] of [
    ['/', {}],
    ['/small', { fileBytes: smallBytes }],
  ] as const) {
    app.form(path, one, {
      limits,
      view: ({ form }) => page('A photo', html`${form}`),
      submit: ({ data }) => add(data.note, [data.photo]),
    })
  }
  app.form('/several', several, {
    view: ({ form }) => page('Photos', html`${form}`),
    submit: ({ data }) => add(data.note, data.photos),
  })
  app.get('/entries/:id', ({ params }) => {
    const { note, pictures } = entries[Number(params.id) - 1] ?? { note: 'Nothing', pictures: [] }
    const links = pictures.map(({ id, name }) => html`<li><a href="/pictures/${id}">${name}</a></li>`)
    return page(note, html`<ul>${links}</ul>`)
  })
  app.get('/pictures/:id', ({ params }) => {
    const { name = '', path = '' } = pictures[Number(params.id) - 1] ?? {}
    return attachment(path, { name })
  })
  return app
}

function page(title: string, content: Html): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 100%/1.5 sans-serif }</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`
}
