import { lstat, mkdir } from 'node:fs/promises'

/**
 * Makes a folder that only this user may read. Throws if there is something else at its path, or a folder of another
 * user: in a shared temporary folder anybody could have put it there.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const found = await lstat(path)
  const own = process.getuid?.() ?? found.uid // Windows has no users of this kind
  if (!found.isDirectory()) throw new Error(`${path} is not a folder.`)
  if (found.uid !== own) throw new Error(`${path} belongs to another user.`)
}
