import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attachment, form, HttpError, redirect } from 'dewar'
import * as z from 'zod'
import type { App } from './app-type.ts'
import { layout } from './layout.ts'
import type { Settings } from './settings.ts'

const upload = form(
  z.object({
    note: z.string().trim().min(1).max(100),
    file: z
      .file()
      .max(5 * 1024 * 1024)
      .mime(['image/png', 'image/jpeg', 'text/plain']),
  }),
  { button: 'Send the file' },
)

/** A file with a note goes up and comes down again, under the name it had. */
export function addUploads(app: App, { uploadFolder }: Settings): void {
  app.form('/upload', upload, {
    once: { unsafelyAllowMissingToken: true }, // for clients that never show the form
    view: ({ form }) => layout('Upload', form),
    submit: async ({ data }) => {
      const id = randomUUID()
      await writeFile(labelPath(uploadFolder, id), JSON.stringify({ name: data.file.name, note: data.note }))
      await data.file.moveTo(join(uploadFolder, id))
      return redirect(`/download/${id}`)
    },
  })

  app.get('/download/:id', async ({ params: { id } }) => {
    const name = /^[0-9a-f-]{36}$/.test(id) ? await nameOf(uploadFolder, id) : null
    if (name === null) throw new HttpError(404, 'There is no such file.')
    return attachment(id, { folder: uploadFolder, name })
  })
}

// The name stands in a label beside the file, so that every process which has the folder says the same.
function labelPath(folder: string, id: string): string {
  return join(folder, `${id}.json`)
}

async function nameOf(folder: string, id: string): Promise<string | null> {
  const label: unknown = await readFile(labelPath(folder, id), 'utf8').then(JSON.parse, () => null)
  return typeof label === 'object' && label !== null && 'name' in label ? String(label.name) : null
}
