import { readFileSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { stampOf } from './dev-stamp.ts'
import type { Report } from './dev-told.ts'

/** Tells, from now on, of every file of the app that is loaded, and of those that are looked for and not there. */
export function tellLoaded(tell: (report: Report) => void): void {
  module.registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        const found = nextResolve(specifier, context)
        if (isOfApp(context.parentURL ?? '') && isPure(found.url)) tell({ dewar: 'pure', url: found.url })
        return found
      } catch (error) {
        tell({ dewar: 'missing', path: pathOf(specifier, context.parentURL) })
        throw error
      }
    },
    load(url, context, nextLoad) {
      if (isOfApp(url)) {
        const path = fileURLToPath(url)
        tell({ dewar: 'seen', path, stamp: stampOf(path) }) // before it is read: what changes after that is noticed
      }
      return nextLoad(url, context)
    },
  })
}

/** Loads modules before an app asks for them, and tells of every file that this loads. */
export async function loadAhead(modules: readonly string[], tell: (report: Report) => void): Promise<void> {
  const hooks = module.registerHooks({
    load(url, context, nextLoad) {
      if (url.startsWith('file:')) {
        const path = fileURLToPath(url)
        tell({ dewar: 'ahead', path, stamp: stampOf(path) })
      }
      return nextLoad(url, context)
    },
  })
  await Promise.allSettled(modules.map((url) => import(url))) // what fails, fails again where it is needed
  hooks.deregister()
}

/** Whether this Node can tell which files an app loads. */
export function canTellLoaded(): boolean {
  return typeof module.registerHooks === 'function'
}

function isOfApp(url: string): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/') && !url.startsWith(own)
}

// What a package promises to those who bundle it: that it does not matter whether and when it is loaded.
function isPure(url: string): boolean {
  if (!url.startsWith('file:') || isOfApp(url)) return false
  const path = module.findPackageJSON(url)
  if (path === undefined) return false
  return JSON.parse(readFileSync(path, 'utf8')).sideEffects === false
}

const own = new URL('..', import.meta.url).href

function pathOf(specifier: string, parent: string | undefined): string | null {
  if (!/^(?:\.{0,2}\/|file:)/.test(specifier) || !URL.canParse(specifier, parent)) return null
  const url = new URL(specifier, parent)
  return url.protocol === 'file:' ? fileURLToPath(url) : null
}
