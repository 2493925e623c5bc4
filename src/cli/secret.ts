import { systemRandom } from '../crypto/random.ts'
import { freshSecret } from '../crypto/secret.ts'
import type { Command } from './command.ts'

/** `dewar secret` */
export const secret: Command = {
  name: 'secret',
  does: 'Prints a fresh secret for DEWAR_SECRET: 32 random bytes.',
  usages: [''],
  operands: [],
  options: {},
  example: 'echo "DEWAR_SECRET=$(npx dewar secret)" >> .env',
  async run() {
    return freshSecret(systemRandom)
  },
}
