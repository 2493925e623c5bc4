import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes from a folder what a rule says, by the name and the seconds since it was last written. What is in use or gone meanwhile is passed over. */
export async function removeFrom(folder: string, rule: (name: string, ageSeconds: number) => boolean): Promise<void> {
  const nowMilliseconds = Date.now()
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null) // another process may sweep at the same time
    if (found?.isFile() && rule(name, (nowMilliseconds - found.mtimeMs) / 1000)) await rm(path, { force: true })
  }
}
