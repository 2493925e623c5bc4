import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { type BrokenCopy, brokenCopies } from './broken-copies.ts'
import type { simulate } from './simulate.ts'

const root = new URL('../../', import.meta.url).href
const ours = [`${root}src/`, `${root}test/simulation/`]
let replaced = 0

/**
 * Loads the simulation, and with it all of the framework, once more, with one text in one file replaced by another: the
 * sources need no doors for it.
 */
export async function loadCopy(name: string): Promise<typeof simulate> {
  const before = replaced
  const address = `${new URL('./simulate.ts', import.meta.url).href}?copy=${encodeURIComponent(name)}`
  const copy = (await import(address)) as { readonly simulate: typeof simulate } // the same module, by another name
  if (replaced === before) throw new Error(`Nothing was replaced for: ${name}.`)
  return copy.simulate
}

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const query = context.parentURL === undefined ? '' : new URL(context.parentURL).search
    const isOurs = query.startsWith('?copy=') && ours.some((folder) => resolved.url.startsWith(folder))
    return isOurs ? { ...resolved, url: resolved.url.split('?')[0] + query } : resolved
  },
  load(url, context, next) {
    const loaded = next(url, context)
    const { search, pathname } = new URL(url)
    const name = new URLSearchParams(search).get('copy')
    const copy = brokenCopies.find((one) => one.name === name)
    if (copy === undefined || fileURLToPath(new URL(pathname, root)) !== fileURLToPath(root + copy.file)) return loaded
    replaced += 1
    return { ...loaded, source: withText(copy, String(loaded.source)) }
  },
})

function withText({ name, right, wrong }: BrokenCopy, source: string): string {
  if (source.split(right).length !== 2) throw new Error(`The text that is done wrong is not there once: ${name}.`)
  return source.replace(right, () => wrong)
}
