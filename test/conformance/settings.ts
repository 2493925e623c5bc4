import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from 'dewar'

/** Where sessions may be kept. */
export type StoreKind = 'cookie' | 'memory' | 'sqlite' | 'redis' | 'postgres'

/** Where sessions are kept, and the file or the address of it; empty for a file that is made for this run. */
export interface StoreSetting {
  readonly kind: StoreKind
  readonly address: string
}

/** What the conformance app is told by its environment. */
export interface Settings {
  /** `PORT`: the port on 127.0.0.1; 0 takes a free one. Default 3000. */
  readonly port: number
  /** `DEWAR_SECRET`: one secret, or several separated by commas, newest first. */
  readonly secret: string
  /** `DEWAR_STORE`. Default a file of SQLite that is made for this run. */
  readonly store: StoreSetting
  /** `DEWAR_ENV`. Default `production`. */
  readonly env: Environment
  /** `DEWAR_TRUST_PROXY`: how many proxies stand in front. Default 0. */
  readonly trustedProxies: number
  /** `UPLOAD_DIR`: where finished uploads go. Default a temporary folder. */
  readonly uploadFolder: string
  /** Where uploads that are still arriving are kept: `.tmp` in the folder for uploads. */
  readonly temporaryFolder: string
}

/** A variable of the environment has a value that it cannot have. The message names both. */
export class SettingRefused extends Error {}

/** Reads the environment of the conformance app. Throws `SettingRefused`. */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const secret = variables.DEWAR_SECRET
  if (secret === undefined || secret === '') throw new SettingRefused('DEWAR_SECRET is not set; this app needs one.')
  const port = wholeNumber('PORT', variables.PORT ?? '3000', 65_535)
  const store = readStore(variables.DEWAR_STORE ?? 'sqlite:')
  const env = readEnvironment(variables.DEWAR_ENV ?? 'production')
  const trustedProxies = wholeNumber('DEWAR_TRUST_PROXY', variables.DEWAR_TRUST_PROXY ?? '0', 100)
  const uploadFolder = variables.UPLOAD_DIR || mkdtempSync(join(tmpdir(), 'dewar-uploads-'))
  return { port, secret, store, env, trustedProxies, uploadFolder, temporaryFolder: join(uploadFolder, '.tmp') }
}

function wholeNumber(name: string, text: string, largest: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) <= largest) return Number(text)
  throw new SettingRefused(`${name} is ${JSON.stringify(text)}; it must be a whole number from 0 to ${largest}.`)
}

const storePatterns: readonly (readonly [kind: StoreKind, pattern: RegExp])[] = [
  ['cookie', /^cookie:$/],
  ['memory', /^memory:$/],
  ['sqlite', /^sqlite:/],
  ['redis', /^redis:\/\/[^/]+(?:\/\d+)?$/],
  ['postgres', /^postgres:\/\/./],
]

function readStore(text: string): StoreSetting {
  const found = storePatterns.find(([, pattern]) => pattern.test(text))
  if (found !== undefined)
    return { kind: found[0], address: found[0] === 'sqlite' ? text.slice('sqlite:'.length) : text }
  const scheme = /^[a-z]*:?/i.exec(text)?.[0] // the rest may hold a password
  throw new SettingRefused(
    `DEWAR_STORE begins with ${JSON.stringify(scheme)}; it must be cookie:, memory:, sqlite:FILE, redis://HOST:PORT/DB or postgres://….`,
  )
}

function readEnvironment(text: string): Environment {
  if (text === 'development' || text === 'production') return text
  throw new SettingRefused(`DEWAR_ENV is ${JSON.stringify(text)}; it must be development or production.`)
}
