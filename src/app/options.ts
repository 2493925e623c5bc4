import { type Clock, systemClock } from '../clock/clock.ts'
import { type Keyring, keyring } from '../crypto/keyring.ts'
import { type Random, systemRandom } from '../crypto/random.ts'
import { freshSecret, readSecrets } from '../crypto/secret.ts'
import { DewarError } from '../errors/dewar-error.ts'
import { inShort, refuseUnknown } from '../errors/refuse-options.ts'
import { type KeptFiles, keptFilesIn } from '../form/kept-files.ts'
import { defaultLimits, type FormLimits } from '../http/limits.ts'
import { readTrustedOrigins } from '../origin/trusted.ts'
import { asAskedFor } from '../routing/path.ts'
import { createCookieKeeper } from '../session/cookie-keeper.ts'
import type { SessionKeeper } from '../session/keeper.ts'
import { defaultLifetime, type Lifetime } from '../session/lifetime.ts'
import type { SessionSchema } from '../session/schema.ts'
import { createStoreKeeper } from '../session/store-keeper.ts'
import { Turns } from '../session/turns.ts'
import { memory } from '../store/memory.ts'
import { isTransactional, type Store } from '../store/store.ts'
import { isUnavailable } from '../store/unavailable.ts'

import type { Depot } from '../upload/depot.ts'
import { defaultKeeping, openDepot, type UploadOptions } from '../upload/open-depot.ts'
import { currentEnvironment, type Environment, environmentVariable } from './environment.ts'
import { Lessons } from './lessons.ts'
import type { Reply } from './reply.ts'
import { Watching, watchedStore } from './watching.ts'

/** What an app is told when it is made. Every option has a safe default. */
export interface DewarOptions<Data extends object, Held extends Store | undefined = undefined> {
  /** What a session may hold: a Standard Schema, or `shape<Visitor>()`. Default: anything, with values of unknown type. */
  readonly session?: SessionSchema<Data>
  /**
   * Where sessions are kept: `sqlite('app.db')`, `postgres(pool)`, `redis(client)` or `memory()`. Default: sealed in the
   * visitor's cookie, where they cannot be ended from the server and parallel changes cannot be joined.
   */
  readonly store?: Held
  /** Whether a session remembers the address that it began from, for `app.sessions.list`. Default false. */
  readonly keepsAddress?: boolean
  /**
   * At least 32 random bytes as text; several in a list, newest first: the first seals, all open.
   * Default: DEWAR_SECRET, several separated by commas. Without one, development makes a random one and says so;
   * production refuses to start.
   */
  readonly secret?: string | readonly string[]
  /** Default: DEWAR_ENV, else NODE_ENV, else `development`. */
  readonly env?: Environment
  /** Tells apps apart that share a secret: they cannot open each other's cookies. Default `dewar`. */
  readonly name?: string
  /** How long a session lives. Default: 14 days without a visit, 90 days in all. */
  readonly lifetime?: Partial<Lifetime>
  /** How large a posted form may be. A route may set its own. */
  readonly limits?: Partial<FormLimits>
  /** Where posted files lie until a handler takes them, and how much is kept while a form is corrected. */
  readonly uploads?: Partial<UploadOptions>
  /** Other origins whose pages may post to this app, as `https://admin.example.com`. Default: none. */
  readonly trustedOrigins?: readonly string[]
  /** Exact paths at which a request is not judged by its origin, as a webhook. Nothing there may trust the session. */
  readonly unsafelySkipOriginCheck?: readonly string[]
  /** Tells the time. For tests. */
  readonly clock?: Clock
  /** Gives chance. For tests. */
  readonly random?: Random
}

/** What an app knows after its options were checked. */
export interface Config {
  readonly env: Environment
  readonly keyring: Keyring
  /** Whether the secret was given as an option, and not by DEWAR_SECRET. */
  readonly hasOwnSecret: boolean
  readonly keeper: SessionKeeper
  readonly lifetime: Lifetime
  /** What a session may hold. */
  readonly schema: SessionSchema<object>
  readonly store: Store | null
  /** How submissions are done once where a route does not say. */
  readonly onceMode: 'tx' | 'guard'
  /** Submissions with one token are done one after the other in this process. */
  readonly turns: Turns<Reply>
  /** Whether the list of a user's devices has addresses. */
  readonly keepsAddress: boolean
  readonly limits: FormLimits
  /** What the author is told about answers that will hurt later; `null` in production. */
  readonly lessons: Lessons | null
  /** Who watches it; `null` in production. */
  readonly watching: Watching | null
  readonly depot: Depot
  readonly keptFiles: KeptFiles
  readonly trustedOrigins: ReadonlySet<string>
  readonly unjudgedPaths: ReadonlySet<string>
  readonly clock: Clock
  readonly random: Random
}

/** Checks the options of an app. Throws a `DewarError` that names the option and what it may be. */
export function readOptions(options: DewarOptions<object, Store | undefined>): Config {
  refuseUnknown('new Dewar', options, optionNames)
  const env = readEnvironment(options.env)
  const random = readTool('random', options.random ?? systemRandom, 'bytes')
  const keys = keyring(readSecrets(options.secret ?? secretOfProcess(env)), readName(options.name))
  const lifetime = readNumbers('lifetime', options.lifetime ?? {}, defaultLifetime)
  const schema = readSchema(options.session)
  const depot = readUploads(options.uploads ?? {})
  const watching = env === 'development' ? new Watching() : null
  const given = readStore(options.store)
  const store = given === null || watching === null ? given : watchedStore(given)
  return {
    env,
    keyring: keys,
    hasOwnSecret: options.secret !== undefined,
    keeper:
      store === null
        ? createCookieKeeper({ records: memory(), keyring: keys, random, lifetime, schema })
        : createStoreKeeper({ store, keyring: keys, random, lifetime, schema }),
    lifetime,
    schema,
    store,
    onceMode: store !== null && isTransactional(store) ? 'tx' : 'guard',
    turns: new Turns(isUnavailable),
    keepsAddress: readFlag('keepsAddress', options.keepsAddress),
    limits: readLimits('limits', options.limits, defaultLimits),
    lessons: env === 'development' ? new Lessons() : null,
    watching,
    depot,
    keptFiles: keptFilesIn({ depot, keyring: keys, random }),
    trustedOrigins: readTrustedOrigins(options.trustedOrigins ?? []),
    unjudgedPaths: readPaths(options.unsafelySkipOriginCheck ?? []),
    clock: readTool('clock', options.clock ?? systemClock, 'now'),
    random,
  }
}

const optionNames: readonly string[] = [
  'session',
  'store',
  'keepsAddress',
  'secret',
  'env',
  'name',
  'lifetime',
  'limits',
  'uploads',
  'trustedOrigins',
  'unsafelySkipOriginCheck',
  'clock',
  'random',
]

function readEnvironment(given: Environment | undefined): Environment {
  if (given === undefined) return currentEnvironment()
  if (given === 'development' || given === 'production') return given
  throw new DewarError(
    'app/option-invalid',
    `env is ${JSON.stringify(given)}; it may be "development" or "production".`,
  )
}

// One for all apps of a development process, so that an app mounted in another shares its sessions.
let developmentSecret: string | undefined

/** Whether an app of this process has a random secret, which no other process can know. */
export function isSecretOfThisProcess(): boolean {
  return developmentSecret !== undefined
}

function secretOfProcess(env: Environment): string {
  const secret = environmentVariable('DEWAR_SECRET')
  if (secret !== undefined) return secret
  if (env === 'production') throw new DewarError('session/secret-missing')
  if (developmentSecret === undefined) {
    developmentSecret = randomSecret()
    console.warn(
      'Dewar: DEWAR_SECRET is not set. A random secret serves until this process ends; then sessions in cookies are lost.',
    )
  }
  return developmentSecret
}

// On Workers nothing can be had by chance while an app is loaded, and one of its many processes would not know it.
function randomSecret(): string {
  try {
    return freshSecret(systemRandom)
  } catch (cause) {
    throw new DewarError('session/secret-missing', undefined, { cause })
  }
}

function readNumbers<Numbers extends Readonly<Record<keyof Numbers, number>>>(
  place: string,
  given: Partial<Numbers>,
  defaults: Numbers,
): Numbers {
  refuseUnknown(place, given, Object.keys(defaults))
  for (const [name, value] of Object.entries(given)) {
    if (Number.isSafeInteger(value) && Number(value) > 0) continue
    throw new DewarError(
      'app/option-invalid',
      `${place}.${name} is ${String(value)}; it must be a whole number above 0.`,
    )
  }
  return { ...defaults, ...given }
}

/** Limits with what is not given taken from `defaults`. Throws `app/option-invalid`. */
export function readLimits(place: string, given: Partial<FormLimits> | undefined, defaults: FormLimits): FormLimits {
  return given === undefined ? defaults : readNumbers(place, given, defaults)
}

function readName(name: unknown = 'dewar'): string {
  if (typeof name === 'string') return name
  throw new DewarError('app/option-invalid', `name is ${inShort(name)}; it takes a text.`)
}

// That of arktype is a function.
function readSchema(given: unknown): SessionSchema<object> {
  if (given === undefined) return {}
  const isObject = typeof given === 'function' || (typeof given === 'object' && given !== null)
  // What `shape` gives has nothing in it.
  if (isObject && ('~standard' in given || Object.keys(given).length === 0)) return given
  throw new DewarError(
    'app/option-invalid',
    `session is ${inShort(given)}; it takes a schema, as z.object({ username: z.string() }), or shape<Visitor>().`,
  )
}

function readTool<Tool extends object>(name: string, tool: Tool, method: keyof Tool & string): Tool {
  if (typeof tool?.[method] === 'function') return tool
  throw new DewarError('app/option-invalid', `${name} is ${inShort(tool)}; it takes an object with ${method}().`)
}

function readStore(store: Store | undefined): Store | null {
  if (store === undefined) return null
  if (typeof store?.begin === 'function' && typeof store.commit === 'function') return store
  throw new DewarError('app/option-invalid', 'store takes what sqlite(…), postgres(…), redis(…) or memory() gives.')
}

function readFlag(name: string, flag = false): boolean {
  if (typeof flag === 'boolean') return flag
  throw new DewarError('app/option-invalid', `${name} is ${JSON.stringify(flag)}; it may be true or false.`)
}

function readUploads({ folder, ...numbers }: Partial<UploadOptions>): Depot {
  if (folder !== undefined && (typeof folder !== 'string' || folder === '')) {
    throw new DewarError('app/option-invalid', `uploads.folder is ${JSON.stringify(folder)}; it takes a path.`)
  }
  return openDepot(folder ?? null, readNumbers('uploads', numbers, defaultKeeping))
}

function readPaths(paths: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(paths)) {
    throw new DewarError(
      'app/option-invalid',
      `unsafelySkipOriginCheck is ${inShort(paths)}; it takes a list of paths.`,
    )
  }
  const isBad = (path: unknown): boolean => typeof path !== 'string' || !/^\/[^*:?]*$/.test(path)
  const bad = paths.find(isBad)
  if (!paths.some(isBad)) return new Set(paths.map(asAskedFor))
  throw new DewarError(
    'app/option-invalid',
    `unsafelySkipOriginCheck has ${JSON.stringify(bad)}; it takes exact paths.`,
  )
}
