import type { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * A statement of the store's own: it gives numbers, and rows by their names, also where the app has set its connection to
 * big integers or to arrays. Throws what SQLite does.
 */
export function prepareOn(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql)
  // Not every runtime and version has both.
  if ('setReadBigInts' in statement) statement.setReadBigInts(false)
  if ('setReturnArrays' in statement) statement.setReturnArrays(false)
  return statement
}
