import type { Environment } from '../app/environment.ts'
import { environmentVariable } from '../app/environment.ts'
import type { Config } from '../app/options.ts'
import { readSecrets } from '../crypto/secret.ts'
import { DewarError } from '../errors/dewar-error.ts'
import type { Finding } from './finding.ts'

/** Whether an app that could be made says itself where it is, and what the process was told when it began. */
export function checkEnvironment({ env }: Config, before: Environment): Finding {
  const about = 'environment'
  if (env !== 'production') {
    const says = 'The app is made with env: "development", so strangers see what errors say. Leave the option out.'
    return { verdict: 'fail', about, says }
  }
  if (before === 'production') return { verdict: 'ok', about, says: 'It is production.' }
  const says =
    'Neither DEWAR_ENV nor NODE_ENV said production; it was checked as if. dewar start says it by itself; a program that calls serve needs NODE_ENV=production.'
  return { verdict: 'warn', about, says }
}

/** Where the secret of an app comes from that was made in production, which takes no weak one. */
export function checkSecret({ hasOwnSecret }: Config): Finding {
  const about = 'secret'
  if (hasOwnSecret) {
    const says = 'It is an option of the app, not DEWAR_SECRET. See that it does not stand in the source.'
    return { verdict: 'warn', about, says }
  }
  const count = readSecrets(environmentVariable('DEWAR_SECRET') ?? '').length
  const says =
    count === 1
      ? 'DEWAR_SECRET is set, long enough and not easy to guess.'
      : `DEWAR_SECRET has ${count} secrets, all long enough and not easy to guess: the first seals, all open.`
  return { verdict: 'ok', about, says }
}

/** What is wrong with the secret of an app that could not be made for it; `null` if it was for something else. */
export function secretFault(error: unknown): Finding | null {
  const cause = error instanceof Error ? error.cause : null
  if (!(cause instanceof DewarError) || !cause.code.startsWith('session/secret-')) return null
  const says = `${cause.message} Production refuses to start, so the app, its store and its uploads were not looked at.`
  return { verdict: 'fail', about: 'secret', says }
}
