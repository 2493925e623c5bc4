import type { ListedSession } from '../app/sessions.ts'
import { time } from '../clock/utc-time.ts'
import { type Command, file } from './command.ts'
import { plain } from './failure.ts'
import { withStore } from './with-store.ts'

/** `dewar sessions list FILE USER` */
export const sessionsList: Command = {
  name: 'sessions list',
  does: 'Lists the sessions of a user: last seen, first seen, id, address, browser. The one seen last comes first.',
  usages: ['FILE USER'],
  operands: [file, { name: 'USER', about: 'what session.login was given' }],
  options: {},
  example: 'dewar sessions list app.ts ada',
  run(given) {
    const user = given.operand('USER')
    return withStore(given.operand('FILE'), async (_store, app) => {
      const sessions = await app.sessions.list(user)
      return sessions.length === 0 ? `${plain(user)} has no sessions.` : sessions.map(line).join('\n')
    })
  },
}

function line({ id, firstSeen, lastSeen, address, userAgent }: ListedSession): string {
  return [time(lastSeen), time(firstSeen), id, plain(address) || '-', plain(userAgent) || '-'].join('  ')
}
