import type { DatabaseSync } from 'node:sqlite'

/** Makes the table of those who have signed up. */
export function openUsers(database: DatabaseSync): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY COLLATE NOCASE, password TEXT NOT NULL) STRICT',
  )
}

/** Writes a new user down; `false` if somebody has that name, in capitals or not. To be called in a transaction. */
export function addUser(tx: DatabaseSync, name: string, passwordHash: string): boolean {
  const insert = tx.prepare('INSERT INTO users (name, password) VALUES (?, ?) ON CONFLICT DO NOTHING')
  return insert.run(name, passwordHash).changes === 1
}

/** The user of this name, as they have written it, and what is kept of their password; or `null`. */
export function findUser(
  database: DatabaseSync,
  name: string,
): { readonly name: string; readonly hash: string } | null {
  const row = database.prepare('SELECT name, password FROM users WHERE name = ?').get(name)
  return row === undefined ? null : { name: String(row.name), hash: String(row.password) }
}
