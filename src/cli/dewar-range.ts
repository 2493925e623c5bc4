import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { packageFolder, readOwnPackage } from './own-package.ts'

/**
 * What the `package.json` of an app in a folder, which need not be there yet, says of the dewar that it depends on: the
 * one of this process. Its version or a newer one, as `^0.1.0`; where it was installed from a tarball or a folder that is
 * still there, just that, as `file:../dewar-0.1.0.tgz`.
 */
export function dewarRange(folder: string, installed: string = packageFolder): string {
  const origin = originOf(installed)
  if (origin === null || !existsSync(origin)) return `^${readOwnPackage().version}`
  const from = join(realpathSync(dirname(folder)), basename(folder))
  return `file:${relative(from, realpathSync(origin)).split(sep).join('/')}`
}

/** The tarball or folder that a package was installed from, or `null` if that was none. */
function originOf(installed: string): string | null {
  const modules = dirname(resolve(installed))
  if (basename(modules) !== 'node_modules') return installed // npm links to a folder, and Node follows the link
  const resolved = resolvedIn(join(modules, '.package-lock.json'))
  return resolved?.startsWith('file:') ? resolve(dirname(modules), resolved.slice('file:'.length)) : null
}

/** Where npm found dewar, as it notes in the lockfile that it keeps among what it has installed. */
function resolvedIn(lockfile: string): string | null {
  if (!existsSync(lockfile)) return null
  const { packages }: Lockfile = JSON.parse(readFileSync(lockfile, 'utf8')) // npm's own file
  return packages?.['node_modules/dewar']?.resolved ?? null
}

interface Lockfile {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>
}
