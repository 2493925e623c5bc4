import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Dewar } from '../../src/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The programs of a page: its blocks of TypeScript, which begin with their file's name in a comment. */
export class Programs {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'dewar-docs-'))
  readonly names: readonly string[]
  /** The blocks of TypeScript that have no name. */
  readonly nameless: readonly string[]

  constructor(page: string) {
    const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(
      ([, text = '']) => text,
    )
    const named = blocks.flatMap((text) => {
      const name = /^\/\/ (\S+\.ts)\n/.exec(text)?.[1]
      return name === undefined ? [] : [[name, text] as const]
    })
    this.names = named.map(([name]) => name)
    this.nameless = blocks.filter((text) => !named.some(([, program]) => program === text))
    for (const [name, program] of named) writeFileSync(join(this.folder, name), program)
    this.#install()
  }

  /** Compiles all of them. Gives what the compiler has to say: nothing. */
  async compile(): Promise<string> {
    const options =
      '--noEmit --strict --exactOptionalPropertyTypes --module nodenext --target es2023 --lib es2024,dom,dom.iterable,dom.asynciterable --skipLibCheck'
    const words = [...options.split(' '), '--types', 'node', '--customConditions', 'dewar-source']
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const all = [tsc, ...words, '--allowImportingTsExtensions', ...this.names]
    try {
      return (await promisify(execFile)(process.execPath, all, { cwd: this.folder })).stdout
    } catch (error) {
      return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
    }
  }

  /** What a program exports. From now on this process is in its folder, where it keeps its files. */
  run(name: string): Promise<Readonly<Record<string, unknown>>> {
    process.chdir(this.folder)
    return import(pathToFileURL(join(this.folder, name)).href)
  }

  /** The app that a program exports. */
  async app(name: string): Promise<Dewar> {
    const { default: app } = await this.run(name)
    if (app instanceof Dewar) return app
    throw new Error(`${name} exports no app by default.`)
  }

  remove(): void {
    process.chdir(root)
    rmSync(this.folder, { recursive: true })
  }

  // As a user would have it: `dewar` is this repository, the others are what it was developed with.
  #install(): void {
    const modules = join(this.folder, 'node_modules')
    mkdirSync(modules)
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }\n')
    symlinkSync(root, join(modules, 'dewar'), 'junction')
    for (const name of ['zod', 'pg', 'redis', 'drizzle-orm', 'kysely', 'file-type', 'parse5', '@types']) {
      symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
    }
  }
}
