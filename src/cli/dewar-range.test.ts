import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { dewarRange } from './dewar-range.ts'
import { readOwnPackage } from './own-package.ts'

describe('the dewar that a new app depends on', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dewar-range-')))
  const app = join(folder, 'apps/shop')
  const newest = `^${readOwnPackage().version}`
  before(() => {
    mkdirSync(join(folder, 'apps'))
    writeFileSync(join(folder, 'dewar-0.1.0.tgz'), '')
  })
  after(() => rmSync(folder, { recursive: true }))

  /** A place where dewar is installed, with what npm notes of it. */
  const installed = (place: string, packages: unknown): string => {
    const modules = join(folder, place, 'node_modules')
    mkdirSync(join(modules, 'dewar'), { recursive: true })
    writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
    return join(modules, 'dewar/')
  }

  it('is the newest that fits where this one is from the registry', () => {
    const resolved = 'https://registry.example/dewar/-/dewar-0.1.0.tgz'
    assert.equal(dewarRange(app, installed('a', { 'node_modules/dewar': { resolved } })), newest)
    assert.equal(dewarRange(app, installed('b', { 'node_modules/dewar': { version: '0.1.0' } })), newest)
    assert.equal(dewarRange(app, installed('c', {})), newest)
  })

  it('is the tarball that this one is from, seen from the new app, wherever it was installed', () => {
    const noted = (resolved: string): unknown => ({ 'node_modules/dewar': { version: '0.1.0', resolved } })
    assert.equal(dewarRange(app, installed('d', noted('file:../dewar-0.1.0.tgz'))), 'file:../../dewar-0.1.0.tgz')
    const cached = installed('cache/_npx/0123', noted('file:../../../dewar-0.1.0.tgz'))
    assert.equal(dewarRange(app, cached), 'file:../../dewar-0.1.0.tgz')
    symlinkSync(join(folder, 'apps'), join(folder, 'cache/link'))
    assert.equal(dewarRange(join(folder, 'cache/link/shop'), cached), 'file:../../dewar-0.1.0.tgz')
  })

  it('is the newest that fits where that tarball is gone', () => {
    const gone = installed('e', { 'node_modules/dewar': { resolved: 'file:../gone.tgz' } })
    assert.equal(dewarRange(app, gone), newest)
  })

  it('is the newest that fits where npm has not installed this one', () => {
    mkdirSync(join(folder, 'f/node_modules/dewar'), { recursive: true })
    assert.equal(dewarRange(app, join(folder, 'f/node_modules/dewar/')), newest)
  })

  it('is the folder that this one is run in, where it is no installed one', () => {
    mkdirSync(join(folder, 'checkout'))
    assert.equal(dewarRange(app, join(folder, 'checkout/')), 'file:../../checkout')
  })
})
