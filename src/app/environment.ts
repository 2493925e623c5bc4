/** Whether an app is being written or used. In development errors teach; in production they say nothing to strangers. */
export type Environment = 'development' | 'production'

/** A variable of the process, or `undefined`; also where there is no process, as on Workers. */
export function environmentVariable(name: string): string | undefined {
  const value = globalThis.process?.env?.[name]
  return value === '' ? undefined : value
}

/** What DEWAR_ENV says, else NODE_ENV; development when neither says `production`. */
export function currentEnvironment(): Environment {
  const said = environmentVariable('DEWAR_ENV') ?? environmentVariable('NODE_ENV')
  return said === 'production' ? 'production' : 'development'
}
