import { readOwnPackage } from './own-package.ts'
import type { Template } from './template.ts'

/** What a new app is called, and the dewar that it depends on, as `^0.1.0`. */
export interface Naming {
  readonly name: string
  readonly dewar: string
}

/** The `package.json` of a new app. Everything but dewar is in the one version that dewar itself is tested with. */
export function manifestOf({ scripts }: Template, { name, dewar }: Naming): string {
  const manifest = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=22.18' }, // older ones do not run TypeScript as it is
    scripts: {
      dev: 'dewar dev src/app.ts',
      start: 'dewar start src/app.ts',
      test: 'node --test "src/**/*.test.ts"',
      check: 'tsc',
      ...scripts,
    },
    dependencies: { dewar, ...pinned('zod') },
    devDependencies: pinned('@types/node', 'node', 'parse5', 'typescript', 'youch'),
    allowScripts: { node: true }, // the package that brings Node for the scripts above
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

function pinned(...names: readonly string[]): Readonly<Record<string, string>> {
  const { devDependencies } = readOwnPackage()
  return Object.fromEntries(names.map((name) => [name, versionOf(name, devDependencies)]))
}

function versionOf(name: string, versions: Readonly<Record<string, string>>): string {
  const version = versions[name]
  if (version === undefined) throw new Error(`The package.json of dewar has no version of ${name}.`)
  return version
}
