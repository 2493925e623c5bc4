import type { DatabaseSync } from 'node:sqlite'

/** A print that is for sale. */
export interface Print {
  readonly sku: string
  readonly title: string
  readonly about: string
  readonly cents: number
  /** How many are left. */
  readonly stock: number
}

/** What somebody orders. */
export interface Wish {
  readonly sku: string
  readonly count: number
  readonly name: string
  readonly email: string
}

/** What somebody has ordered. */
export interface Order extends Wish {
  readonly number: number
  readonly title: string
  /** What one print costs, as it was when it was ordered. */
  readonly cents: number
}

const tables = `
CREATE TABLE IF NOT EXISTS products (
  sku TEXT PRIMARY KEY, title TEXT NOT NULL, about TEXT NOT NULL, cents INTEGER NOT NULL,
  stock INTEGER NOT NULL CHECK (stock >= 0)
) STRICT;
CREATE TABLE IF NOT EXISTS orders (
  number INTEGER PRIMARY KEY AUTOINCREMENT, sku TEXT NOT NULL REFERENCES products, count INTEGER NOT NULL,
  cents INTEGER NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL
) STRICT;`

const firstPrints: readonly (readonly [sku: string, title: string, about: string, cents: number, stock: number])[] = [
  ['moon', 'Moon over hills', 'Linocut in two colours, 20 by 20 cm.', 4800, 5],
  ['fish', 'One fish', 'Linocut, printed by hand, 20 by 20 cm.', 3600, 12],
  ['pear', 'A pear', 'Linocut in three colours, 20 by 20 cm.', 5200, 3],
]

/** Makes the tables of the shop, and fills the shelf of a new one. Several processes may do it at the same time. */
export function openShop(database: DatabaseSync): void {
  database.exec(tables)
  const add = database.prepare(
    'INSERT OR IGNORE INTO products (sku, title, about, cents, stock) VALUES (?, ?, ?, ?, ?)',
  )
  for (const print of firstPrints) add.run(...print)
}

/** All prints, also those that are sold out. */
export function printsOf(database: DatabaseSync): readonly Print[] {
  return database.prepare('SELECT * FROM products ORDER BY rowid').all().map(toPrint)
}

/** The print of this name, or `null`. */
export function findPrint(database: DatabaseSync, sku: string): Print | null {
  const row = database.prepare('SELECT * FROM products WHERE sku = ?').get(sku)
  return row === undefined ? null : toPrint(row)
}

/**
 * Takes prints off the shelf and writes the order down; `null` if there are not that many left. To be called in a
 * transaction: what it has done is undone with it.
 */
export function placeOrder(tx: DatabaseSync, { sku, count, name, email }: Wish): Order | null {
  // The condition and the change are one statement: nobody comes between.
  const taken = tx
    .prepare('UPDATE products SET stock = stock - ? WHERE sku = ? AND stock >= ? RETURNING title, cents')
    .get(count, sku, count)
  if (taken === undefined) return null
  const cents = Number(taken.cents)
  const insert = tx.prepare('INSERT INTO orders (sku, count, cents, name, email) VALUES (?, ?, ?, ?, ?)')
  const number = Number(insert.run(sku, count, cents, name, email).lastInsertRowid)
  return { number, sku, count, name, email, title: String(taken.title), cents }
}

/** The order of this number, or `null`. */
export function findOrder(database: DatabaseSync, number: number): Order | null {
  const row = database
    .prepare('SELECT orders.*, products.title FROM orders JOIN products USING (sku) WHERE number = ?')
    .get(number)
  if (row === undefined) return null
  return {
    number,
    sku: String(row.sku),
    count: Number(row.count),
    name: String(row.name),
    email: String(row.email),
    title: String(row.title),
    cents: Number(row.cents),
  }
}

function toPrint(row: Readonly<Record<string, unknown>>): Print {
  return {
    sku: String(row.sku),
    title: String(row.title),
    about: String(row.about),
    cents: Number(row.cents),
    stock: Number(row.stock),
  }
}
