import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { isWithin } from '../../src/cli/dev-tree.ts'
import { DevWatch } from '../../src/cli/dev-watch.ts'
import { until } from './developing.ts'
import { Desk } from './dewar.ts'

describe('what dewar dev watches', () => {
  it('is no folder that stands beside that of the app, though its name begins alike', async (context) => {
    const desk = new Desk()
    for (const name of ['app', 'app2']) mkdirSync(join(desk.folder, name))
    for (const name of ['app/style.css', 'app2.css', 'shared.ts']) writeFileSync(join(desk.folder, name), 'old')
    const shown: string[] = []
    const watch = new DevWatch(join(desk.folder, 'app'), {
      changed: (changed) => shown.push(...changed.shown),
      unwatched: (folder) => assert.fail(folder),
    })
    context.after(() => {
      watch.close()
      desk.remove()
    })
    watch.add(join(desk.folder, 'shared.ts'), 'another') // the folder above is watched from here on
    writeFileSync(join(desk.folder, 'app2.css'), 'first')
    await wait(2200) // what is new counts when it has been there for two seconds
    writeFileSync(join(desk.folder, 'app2.css'), 'second')
    writeFileSync(join(desk.folder, 'app/style.css'), 'new')
    await until(() => shown.length > 0)
    await wait(100)
    assert.deepEqual(shown, [join(desk.folder, 'app/style.css')])
  })

  const paths: readonly (readonly [string, string, boolean])[] = [
    ['/app', '/app', true],
    ['/app/style.css', '/app', true],
    ['/app2/style.css', '/app', false],
    ['/app', '/app/parts', false],
    ['/app', '/', true],
  ]
  for (const [path, folder, isIn] of paths) {
    it(`takes ${path} for ${isIn ? 'a part' : 'no part'} of ${folder}`, () => {
      assert.equal(isWithin(path, folder), isIn)
    })
  }
})
