import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemRandom } from '../crypto/random.ts'
import { freshSecret } from '../crypto/secret.ts'
import { manifestOf, type Naming } from './app-manifest.ts'
import { readmeOf } from './app-readme.ts'
import { packageFolder } from './own-package.ts'
import type { Template } from './template.ts'
import type { WrittenFile } from './write-folder.ts'

const sharedFolder = 'templates/shared'

/** The files of a new app, with a fresh secret in its `.env`, which only its user may read. */
export function filesOf(template: Template, naming: Naming): readonly WrittenFile[] {
  const ignored = template.writes.map((file) => `${file}\n`).join('')
  return [
    { path: 'package.json', content: manifestOf(template, naming) },
    { path: 'README.md', content: readmeOf(template, naming) },
    { path: 'tsconfig.json', content: shipped(`${sharedFolder}/tsconfig.json`) },
    // Under their own names npm would take these for its own, and not ship them.
    { path: '.gitignore', content: `${shipped(`${sharedFolder}/gitignore`)}${ignored}` },
    { path: '.dockerignore', content: `${shipped(`${sharedFolder}/dockerignore`)}${ignored}` },
    { path: 'Dockerfile', content: shipped(`${sharedFolder}/Dockerfile`) },
    { path: '.env', content: `DEWAR_SECRET=${freshSecret(systemRandom)}\n`, mode: 0o600 },
    ...[...template.sources.map(([file]) => file), ...template.assets].map((file) => ({
      path: `src/${file}`,
      content: shipped(`${template.folder}/${file}`),
    })),
  ]
}

/** A file of this package: all that a new app is made of is text. */
function shipped(path: string): string {
  return readFileSync(join(packageFolder, path), 'utf8')
}
