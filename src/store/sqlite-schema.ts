import type { DatabaseSync } from 'node:sqlite'
import { DewarError } from '../errors/dewar-error.ts'
import { newIncarnation } from './incarnation.ts'
import { prepareOn } from './sqlite-prepare.ts'

// What was released is never changed: a change is one more entry.
//
// Tables with rowids: rows of 2 kB and more are read four times as slowly from one without.
const migrations: readonly string[] = [
  `
  CREATE TABLE dewar_sessions (
    family TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    secret_hash TEXT NOT NULL,
    previous_hash TEXT,
    previous_until_seconds INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    user TEXT,
    content TEXT NOT NULL,
    created_seconds INTEGER NOT NULL,
    seen_seconds INTEGER NOT NULL,
    expires_seconds INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL
  ) STRICT;
  CREATE INDEX dewar_sessions_user ON dewar_sessions (user) WHERE user IS NOT NULL;
  CREATE INDEX dewar_sessions_expires ON dewar_sessions (expires_seconds);

  CREATE TABLE dewar_once (
    key TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    owner TEXT NOT NULL,
    lease_until_seconds INTEGER NOT NULL,
    answer TEXT,
    expires_seconds INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX dewar_once_expires ON dewar_once (expires_seconds);
  `,
]

/**
 * Whether the tables are as this Dewar makes them. Their version is in a table of their own: `user_version` belongs to the
 * app. Throws `store/refused` for tables that a newer Dewar has made.
 */
export function isUpToDate(database: DatabaseSync): boolean {
  return versionOf(database) === migrations.length
}

/** Brings the tables up to date, inside a transaction that holds the write lock. Throws as `isUpToDate` does. */
export function migrate(database: DatabaseSync): void {
  for (const statements of migrations.slice(versionOf(database))) database.exec(statements)
  database.exec(`
    CREATE TABLE IF NOT EXISTS dewar_schema (version INTEGER NOT NULL, incarnation TEXT NOT NULL) STRICT;
    UPDATE dewar_schema SET version = ${migrations.length};
    INSERT INTO dewar_schema SELECT ${migrations.length}, '${newIncarnation()}' WHERE NOT EXISTS (SELECT 1 FROM dewar_schema)`)
}

/** Throws what writing would, inside a transaction that is undone: `BEGIN IMMEDIATE` alone takes a read-only file. */
export function tryWriting(database: DatabaseSync): void {
  prepareOn(database, 'UPDATE dewar_schema SET version = version').run()
}

function versionOf(database: DatabaseSync): number {
  if (prepareOn(database, "SELECT 1 FROM sqlite_schema WHERE name = 'dewar_schema'").get() === undefined) return 0
  const version = Number(prepareOn(database, 'SELECT version FROM dewar_schema').get()?.version)
  if (version <= migrations.length) return version
  const detail = `The tables of the store have version ${version}, and this Dewar knows ${migrations.length}.`
  throw new DewarError('store/refused', `${detail} Run the newer Dewar that made them.`)
}
