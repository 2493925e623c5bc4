import { readdir } from 'node:fs/promises'
import type { Dewar } from 'dewar'
import type { Settings } from './settings.ts'

/** What the process uses. Without a store there are no session rows to count. */
export function addStatistics(app: Dewar, { temporaryFolder }: Settings): void {
  app.get('/stats', async () => ({
    pid: process.pid,
    rss: process.memoryUsage.rss(),
    fds: await entriesIn('/proc/self/fd'),
    tmp: await entriesIn(temporaryFolder),
    sessions: null,
  }))
}

// `null` where there is no such folder, as /proc on macOS.
async function entriesIn(folder: string): Promise<number | null> {
  return readdir(folder).then(
    (names) => names.length,
    () => null,
  )
}
