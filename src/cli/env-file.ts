import { lineOf, Refused } from './failure.ts'

const name = '.env'

/**
 * Puts the variables of the file `.env` in the working folder into the environment, where what is set already wins. No
 * file is no matter. Throws `Refused` for one that cannot be read.
 */
export function readEnvFile(): void {
  try {
    process.loadEnvFile(name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw new Refused(`The file ${name} of this folder cannot be read: ${lineOf(error)}`, { cause: error })
  }
}
