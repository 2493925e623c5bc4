import type { DatabaseSync } from 'node:sqlite'
import { type Mail, markSent, takeMail } from './outbox.ts'

/** Hands a mail on, and is done when it will not get lost any more. May be asked twice to send the same one. */
export type Send = (mail: Mail) => Promise<void>

/** What delivering needs. */
export interface Delivery {
  readonly database: DatabaseSync
  readonly send: Send
  /** The time in milliseconds. Default `Date.now`. */
  readonly now?: () => number
  /** For how long a mail is left to who has taken it, in seconds: longer than sending takes. Default 60. */
  readonly leaseSeconds?: number
}

/**
 * Sends the mails of the outbox, each at least once, and tells how many it has sent. Any number of processes may do it at
 * the same time. One that is killed after sending and before it has noted so leaves a mail that is sent again, with the
 * same id, when its lease is over.
 */
export async function deliver({ database, send, now = Date.now, leaseSeconds = 60 }: Delivery): Promise<number> {
  for (let sent = 0; ; sent++) {
    const mail = takeMail(database, now(), now() + leaseSeconds * 1000)
    if (mail === null) return sent
    await send(mail)
    markSent(database, mail.id, now())
  }
}

/** Delivers now and again each second, one round after the other. `stop` is done when the round that runs is over. */
export function deliverEachSecond(delivery: Delivery, onFailure: (error: unknown) => void): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let running = Promise.resolve()
  const round = async (): Promise<void> => {
    await deliver(delivery).catch(onFailure) // what was not sent is in the outbox still
    if (!isStopped) timer = setTimeout(begin, 1000)
  }
  const begin = (): void => {
    running = round()
  }
  begin()
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
      return running
    },
  }
}
