import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memory } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'
import { tellOfFailure } from './failure.ts'
import { type StoryStage, tellStories } from './stories.ts'

async function inMemory(): Promise<StoryStage> {
  const store = memory()
  return { store, other: async () => store, close: () => store.close() }
}

async function inOneFile(): Promise<StoryStage> {
  const folder = mkdtempSync(join(tmpdir(), 'dewar-sessions-'))
  const path = join(folder, 'app.db')
  const [store, other] = [sqlite(path), sqlite(path)]
  return {
    store,
    other: async () => other,
    async close() {
      await Promise.all([store.close(), other.close()])
      rmSync(folder, { recursive: true })
    },
  }
}

tellStories('memory', { open: inMemory })
tellStories('SQLite', { open: inOneFile })
tellOfFailure('memory', inMemory)
tellOfFailure('SQLite', inOneFile)
