import { type Command, file } from './command.ts'
import { withStore } from './with-store.ts'

/** `dewar sessions init FILE` */
export const sessionsInit: Command = {
  name: 'sessions init',
  does: 'Makes the store of an app ready: creates its tables, or checks the settings of its server.',
  usages: ['FILE'],
  operands: [file],
  options: {},
  example: 'dewar sessions init app.ts',
  run(given) {
    const name = given.operand('FILE')
    return withStore(name, async (store) => `The ${store.name} store of ${name} is ready.`)
  },
}
