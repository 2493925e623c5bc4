import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Dewar } from '../../src/index.ts'
import { serve } from '../../src/node.ts'

test('what a crash left of an upload is gone when the app is served again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'swept-'))
  const app = new Dewar({ uploads: { folder } })
  await (await serve(app, { port: 0, quiet: true, stopOnSignals: false })).stop() // makes the folder
  const dead = `00000000-1-${'a'.repeat(24)}.part`
  await writeFile(join(folder, '.tmp', dead), 'half of a photo')
  await utimes(join(folder, '.tmp', dead), 1, 1)
  await (await serve(app, { port: 0, quiet: true, stopOnSignals: false })).stop()
  assert.deepEqual(await readdir(join(folder, '.tmp')), [])
  await rm(folder, { recursive: true })
})
