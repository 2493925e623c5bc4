import type { House } from '../app/house.ts'
import { lineOf } from './failure.ts'
import type { Finding } from './finding.ts'

/** Whether a file that is posted finds its place: one is put there, and removed. */
export async function checkUploads({ config, routes }: House): Promise<Finding> {
  const about = 'uploads'
  try {
    const receiving = await config.depot.receive()
    try {
      await receiving.write(new TextEncoder().encode('dewar doctor'))
    } finally {
      await receiving.discard()
    }
    return { verdict: 'ok', about, says: 'A file was written to the folder for files on their way, and removed.' }
  } catch (error) {
    const reason = lineOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
    const takesFiles = routes.all.some(({ target }) => {
      return target.kind === 'submit' && (target.form.takesFiles || target.form.fields === null)
    })
    if (takesFiles) return { verdict: 'fail', about, says: `No file can be taken: ${reason}. Set uploads.folder.` }
    return { verdict: 'warn', about, says: `No file could be taken, and no form of this app asks for one: ${reason}.` }
  }
}
