import { createHash } from 'node:crypto'
import { hostname } from 'node:os'

// The names of parts say which process of which machine writes them, so that a sweep knows whether anybody still does.

const host: string = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

/** The name of a part that this process writes. `id` is unique. */
export function partName(id: string): string {
  return `${host}-${process.pid}-${id}.part`
}

/**
 * Whether nobody writes a part any more: its process is gone, or is this one, which knows its own. Of a process on
 * another machine nothing can be asked: there the part is left behind once it was not touched for an hour.
 */
export function isLeftBehind(name: string, ageSeconds: number): boolean {
  const [, writer, pid] = /^([0-9a-f]{8})-(\d{1,10})-[0-9a-f]+\.part$/.exec(name) ?? []
  if (writer === undefined) return false // not ours to remove
  if (writer !== host) return ageSeconds > foreignSeconds
  return Number(pid) === process.pid || !isAlive(Number(pid))
}

const foreignSeconds = 60 * 60

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0) // asks, and does nothing
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it is somebody else's, but it is there
  }
}
