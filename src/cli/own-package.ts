import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this package: where it is installed, or where its source is. */
export const packageFolder: string = fileURLToPath(new URL('../..', import.meta.url))

/** What the `package.json` of this package says. */
export interface OwnPackage {
  readonly version: string
  /** What it is developed and tested with, each in one version. */
  readonly devDependencies: Readonly<Record<string, string>>
}

/** Reads it. */
export function readOwnPackage(): OwnPackage {
  return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) // our own file: npm ships it as it is
}
