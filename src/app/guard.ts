import { answerWith } from './answer.ts'
import type { House, Stored } from './house.ts'
import { open } from './open.ts'
import { unread } from './read-form.ts'
import { Reply } from './reply.ts'
import type { Admitted, Answered, Guarded } from './stations.ts'
import { toReply } from './to-reply.ts'

/**
 * Asks the route's guard, before the body is read: a login wall in front of a large upload. What it answers is the
 * answer; nothing lets the request go on, with what the guard did to the session, set as cookies and left in `state`.
 */
export function guard(house: House, admitted: Admitted): Guarded | Promise<Guarded | Answered> {
  const ask = admitted.target.rules.guard
  return ask === null ? { ...admitted, live: null, opening: null, asked: null } : askGuard(house, admitted, ask)
}

async function askGuard(house: House, admitted: Admitted, ask: Stored): Promise<Guarded | Answered> {
  const nothing = unread({ ...admitted, live: null, opening: null, asked: null })
  const opened = await open({ ...nothing, proof: 'not-yet', submission: null, lack: null })
  let passed = false
  const answered = await answerWith(house, opened, async (context): Promise<Reply> => {
    const value = await ask(context)
    passed = value === undefined
    return passed ? new Reply(204, [], null) : toReply(value, context, { by: 'guard' })
  })
  return passed ? { ...admitted, live: opened.live, opening: opened.opening, asked: answered.context } : answered
}
