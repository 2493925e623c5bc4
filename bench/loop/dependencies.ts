import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const folder = new URL('../', import.meta.url)

/** Installs the competitors when they are missing, as package-lock.json pins them; ends with code 1 if that fails. */
export function installOrExit(): void {
  if (packages().every((name) => existsSync(new URL(`node_modules/${name}/package.json`, folder)))) return
  console.error('Installing the servers to compare with ...')
  const run = spawnSync('npm', ['install', '--no-save', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (run.status === 0) return
  console.error('npm install failed in bench/; see above.')
  process.exit(1)
}

/** Installed version of each compared package, by name. */
export function installedVersions(): Record<string, string> {
  return Object.fromEntries(packages().map((name) => [name, versionOf(name)]))
}

/** Version of an installed package of the bench. */
export function versionOf(name: string): string {
  return String(readJson(`node_modules/${name}/package.json`).version)
}

function packages(): string[] {
  return Object.keys(Object(readJson('package.json').dependencies))
}

function readJson(path: string): Record<string, unknown> {
  return Object(JSON.parse(readFileSync(new URL(path, folder), 'utf8')))
}
