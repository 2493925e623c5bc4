/**
 * Proves that arrows between rooms go down only. A room is a folder of src/, a door is a file directly in it.
 * Type imports count. Prints every arrow that does not, and exits 1 if there is one.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The rooms by height. A file may import from its own room and from any lower height. */
export const heights: readonly (readonly string[])[] = [
  ['errors', 'clock'],
  ['html'],
  ['crypto', 'http', 'routing', 'store', 'upload'],
  ['form', 'session', 'once'],
  ['origin'],
  ['app'],
  ['node', 'testing', 'inspector', 'flask'],
  ['cli'],
]

/** A file and what it imports, both as paths below src/. */
export interface Arrow {
  readonly from: string
  readonly to: string
}

/** The arrows that break the rule. */
export function brokenArrows(arrows: readonly Arrow[]): readonly Arrow[] {
  return arrows.filter(({ from, to }) => {
    const [fromRoom, toRoom] = [roomOf(from), roomOf(to)]
    if (fromRoom === toRoom) return fromRoom === null // a door may not import another door
    if (toRoom === null) return true
    return fromRoom !== null && heightOf(toRoom) >= heightOf(fromRoom)
  })
}

/** Every import between the files below a folder, tests left out: they may reach anywhere. */
export function arrowsBelow(folder: string): readonly Arrow[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => importsOf(readFileSync(join(folder, file), 'utf8')).map((path) => arrow(folder, file, path)))
}

/** The relative paths that a source text imports or exports from, also as types. */
export function importsOf(source: string): readonly string[] {
  const found = source.matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s+)['"](\.{1,2}\/[^'"]+)['"]/gm)
  return [...found].map((match) => match[1] ?? '')
}

function arrow(folder: string, file: string, path: string): Arrow {
  return { from: file, to: relative(folder, resolve(folder, dirname(file), path)) }
}

function roomOf(file: string): string | null {
  const [room, ...rest] = file.split('/')
  return rest.length === 0 ? null : (room ?? null)
}

function heightOf(room: string): number {
  const height = heights.findIndex((rooms) => rooms.includes(room))
  if (height === -1) throw new Error(`src/${room} is no room of ARCHITECTURE.md; give it a height in scripts/rooms.ts.`)
  return height
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const arrows = arrowsBelow(fileURLToPath(new URL('../src', import.meta.url)))
  const broken = brokenArrows(arrows)
  for (const { from, to } of broken) console.error(`src/${from} may not import src/${to}: arrows go down only.`)
  if (broken.length > 0) process.exit(1)
  console.log(`rooms: ${arrows.length} arrows, all down`)
}
