import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

/** An e-mail that is to be sent. */
export interface Mail {
  /** The Message-ID: the same each time this mail is sent, so that its reader can tell a second copy. */
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

const table = `
CREATE TABLE IF NOT EXISTS outbox (
  place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, recipient TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
  taken_until INTEGER NOT NULL DEFAULT 0, sent_at INTEGER
) STRICT;`

/** Makes the table of the mails that are to be sent. */
export function openOutbox(database: DatabaseSync): void {
  database.exec(table)
}

/** Writes down that a mail is to be sent: in the transaction of what it tells about, so that neither is without the other. */
export function writeMail(tx: DatabaseSync, { to, subject, text }: Omit<Mail, 'id'>): void {
  const insert = tx.prepare('INSERT INTO outbox (id, recipient, subject, text) VALUES (?, ?, ?, ?)')
  insert.run(`<${randomUUID()}@print-room.example>`, to, subject, text)
}

/**
 * Takes the oldest mail that is not sent and that nobody else is at, until a moment in milliseconds: after it others may
 * take it, for its taker was killed. `null` if there is none.
 */
export function takeMail(database: DatabaseSync, now: number, untilMs: number): Mail | null {
  const row = database
    .prepare(
      `UPDATE outbox SET taken_until = ? WHERE place =
         (SELECT place FROM outbox WHERE sent_at IS NULL AND taken_until <= ? ORDER BY place LIMIT 1)
       RETURNING id, recipient, subject, text`,
    )
    .get(untilMs, now)
  if (row === undefined) return null
  return { id: String(row.id), to: String(row.recipient), subject: String(row.subject), text: String(row.text) }
}

/** Notes that a mail was sent: nobody takes it any more. */
export function markSent(database: DatabaseSync, id: string, now: number): void {
  database.prepare('UPDATE outbox SET sent_at = ? WHERE id = ?').run(now, id)
}
