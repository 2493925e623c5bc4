import type { House } from '../app/house.ts'
import { DewarError } from '../errors/dewar-error.ts'
import { fileTypes } from '../upload/judge-type.ts'
import { lineOf } from './failure.ts'
import type { Finding } from './finding.ts'

/**
 * Whether a file that is posted finds its place: one is put there, and removed; and whether what judges the type of a file
 * is there, where a form asks for one.
 */
export async function checkUploads(
  { config, routes }: House,
  findSniffer: () => Promise<unknown> = fileTypes,
): Promise<Finding> {
  const about = 'uploads'
  const forms = routes.all.flatMap(({ target }) => (target.kind === 'submit' ? [target.form] : []))
  try {
    if (forms.some(({ takesFiles }) => takesFiles)) await findSniffer()
    const receiving = await config.depot.receive()
    try {
      await receiving.write(new TextEncoder().encode('dewar doctor'))
    } finally {
      await receiving.discard()
    }
    return { verdict: 'ok', about, says: 'A file was written to the folder for files on their way, and removed.' }
  } catch (error) {
    if (error instanceof DewarError && error.code === 'upload/sniffer-missing')
      return { verdict: 'fail', about, says: error.message }
    const reason = lineOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
    if (forms.some(({ takesFiles, fields }) => takesFiles || fields === null))
      return { verdict: 'fail', about, says: `No file can be taken: ${reason}. Set uploads.folder.` }
    return { verdict: 'warn', about, says: `No file could be taken, and no form of this app asks for one: ${reason}.` }
  }
}
