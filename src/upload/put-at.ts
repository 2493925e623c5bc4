import { constants } from 'node:fs'
import { copyFile, link, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DewarError } from '../errors/dewar-error.ts'

/**
 * Puts a file at another path as well, on disk when it resolves: as a second name where the file system can, else as a
 * copy. Nothing is overwritten. Throws `upload/target`.
 */
export async function putAt(from: string, to: string): Promise<void> {
  try {
    await sync(from)
    await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_EXCL)) // another disk, or one without links
    await sync(to)
    await sync(dirname(to)).catch(() => {}) // not every system opens folders; there the name is on disk a little later
  } catch (cause) {
    throw new DewarError('upload/target', reasonOf(cause, to), { cause })
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function reasonOf(cause: unknown, to: string): string {
  const path = JSON.stringify(to)
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'EEXIST':
      return `There is a file at ${path} already, and nothing is overwritten.`
    case 'ENOENT':
      return `The folder of ${path} does not exist, or the file itself is gone with its request.`
    default:
      return `The file could not be put at ${path}.`
  }
}
