import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { arrowsBelow, brokenArrows, importsOf } from './rooms.ts'

test('every arrow between the rooms of src goes down', () => {
  const arrows = arrowsBelow(fileURLToPath(new URL('../src', import.meta.url)))
  assert.ok(arrows.length > 100)
  assert.deepEqual(brokenArrows(arrows), [])
})

test('an arrow up, an arrow to a neighbour and an arrow to a door are found', () => {
  const up = { from: 'http/body.ts', to: 'session/session.ts' }
  const aside = { from: 'form/form.ts', to: 'session/session.ts' }
  const door = { from: 'app/dewar.ts', to: 'index.ts' }
  const between = { from: 'index.ts', to: 'node.ts' }
  const down = { from: 'app/dewar.ts', to: 'http/body.ts' }
  const within = { from: 'app/dewar.ts', to: 'app/reply.ts' }
  assert.deepEqual(brokenArrows([up, aside, door, between, down, within]), [up, aside, door, between])
})

test('type imports, re-exports, bare imports and imports on demand count', () => {
  const source = [
    "import type { A } from './a.ts'",
    "export { B } from '../b.ts'",
    "import './c.ts'",
    "const d = await import('./d.ts')",
    "import { e } from 'elsewhere'",
    "type F = import('./f.ts').F",
  ].join('\n')
  assert.deepEqual(importsOf(source), ['./a.ts', '../b.ts', './c.ts', './d.ts', './f.ts'])
})
