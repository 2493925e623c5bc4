import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { systemRandom } from '../crypto/random.ts'
import { freshSecret } from '../crypto/secret.ts'

/** The file of variables in the folder that a command runs in. */
export const envFile = '.env'

/** The variables of the processes that serve an app in development. */
export class DevEnvironment {
  readonly #said: Readonly<Record<string, string | undefined>>
  #secret: string | null = null

  /** `variables` are those of this process. What the file says too is taken from the file each time. */
  constructor(variables: NodeJS.ProcessEnv) {
    const filed = readFiled()
    this.#said = Object.fromEntries(Object.entries(variables).filter(([name, value]) => filed[name] !== value))
  }

  /** The variables for the next process, and what there is to say about them. */
  next(): { readonly variables: NodeJS.ProcessEnv; readonly notices: readonly string[] } {
    const variables = { ...readFiled(), ...this.#said }
    const notices = [...chooseDevelopment(variables), ...this.#chooseSecret(variables)]
    return { variables, notices }
  }

  #chooseSecret(variables: NodeJS.ProcessEnv): readonly string[] {
    if (variables.DEWAR_SECRET) return []
    const notices =
      this.#secret === null
        ? ['DEWAR_SECRET is not set. A random secret serves until dewar dev ends; then sessions in cookies are lost.']
        : []
    this.#secret ??= freshSecret(systemRandom)
    variables.DEWAR_SECRET = this.#secret
    return notices
  }
}

function chooseDevelopment(variables: NodeJS.ProcessEnv): readonly string[] {
  const names = ['DEWAR_ENV', 'NODE_ENV'].filter((name) => variables[name] === 'production')
  for (const name of ['DEWAR_ENV', 'NODE_ENV']) {
    if (!variables[name] || variables[name] === 'production') variables[name] = 'development'
  }
  if (names.length === 0) return []
  return [`${names.join(' and ')} said production. dewar dev is for development: the app gets development.`]
}

function readFiled(): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(envFile, 'utf8'))
  } catch {
    return {} // there is none
  }
}
