import { readdir } from 'node:fs/promises'
import type { App } from './app-type.ts'
import type { Settings } from './settings.ts'

/** What the process uses, and how many session rows live. Without a store there are none to count. */
export function addStatistics(app: App, { temporaryFolder }: Settings): void {
  app.get('/stats', async () => ({
    pid: process.pid,
    rss: process.memoryUsage.rss(),
    fds: await entriesIn('/proc/self/fd'),
    tmp: await entriesIn(temporaryFolder),
    sessions: app.sessions.revocable ? await app.sessions.count() : null,
  }))
}

// `null` where there is no such folder, as /proc on macOS.
async function entriesIn(folder: string): Promise<number | null> {
  return readdir(folder).then(
    (names) => names.length,
    () => null,
  )
}
