import { type Command, file } from './command.ts'
import { plain, Refused, WrongUse } from './failure.ts'
import { withStore } from './with-store.ts'

/** `dewar sessions revoke FILE ID` and `dewar sessions revoke FILE --user USER` */
export const sessionsRevoke: Command = {
  name: 'sessions revoke',
  does: 'Ends one session, or all sessions of a user, at once and for good.',
  usages: ['FILE ID', 'FILE --user USER'],
  operands: [file, { name: 'ID', about: 'the id of a session, as it is listed', isOptional: true }],
  options: { user: { value: 'USER', about: 'what session.login was given' } },
  example: 'dewar sessions revoke app.ts --user ada',
  async run(given) {
    const [id, user] = [given.optional('ID'), given.option('user')]
    if ((id === null) === (user === null)) throw new WrongUse('Say an ID or --user USER, and not both.')
    return withStore(given.operand('FILE'), async (_store, { sessions }) => {
      if (user !== null) return ended(await sessions.revokeAll(user))
      if (await sessions.revoke(id ?? '')) return ended(1)
      throw new Refused(`There is no session ${plain(id ?? '')}, or it is over.`)
    })
  },
}

function ended(count: number): string {
  return count === 1 ? 'Ended 1 session.' : `Ended ${count} sessions.`
}
