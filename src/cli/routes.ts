import { houseOf } from '../app/dewar.ts'
import type { House, Target } from '../app/house.ts'
import type { Route } from '../routing/routes.ts'
import { columns } from './columns.ts'
import { type Command, file } from './command.ts'
import { plain } from './failure.ts'
import { formInWords } from './form-in-words.ts'
import { loadApp } from './load-app.ts'

/** `dewar routes FILE` */
export const routes: Command = {
  name: 'routes',
  does: 'Lists the routes of an app in their order: how each is guarded, done once, and what its form asks for.',
  usages: ['FILE'],
  operands: [file],
  options: {},
  example: 'dewar routes app.ts',
  async run(given) {
    const name = given.operand('FILE')
    const house = houseOf(await loadApp(name))
    const [listed, around] = [rowsOf(house, ''), aroundOf(house, '')]
    const tables = [
      listed.length === 0 ? [`${name} has no routes.`] : table(['METHOD', 'PATH', 'GUARD', 'ONCE', 'FORM'], listed),
      around.length === 0 ? [] : table(['MIDDLEWARE', 'AT AND BELOW'], around),
    ]
    return tables.flatMap((lines) => (lines.length === 0 ? [] : [lines.join('\n')])).join('\n\n')
  },
}

type Row = readonly string[]

function table(head: Row, rows: readonly Row[]): readonly string[] {
  return columns([head, ...rows.map((row) => row.map(plain))])
}

// An app may be mounted in one that is mounted in it: each is entered once on the way down.
function rowsOf(house: House, base: string, entered: readonly House[] = []): readonly Row[] {
  return house.routes.all.flatMap((route) => {
    const row = rowOf(route, base)
    const below = route.target.kind === 'mount' ? route.target.app : null
    if (below === null || below === house || entered.includes(below)) return [row]
    return [row, ...rowsOf(below, base + prefixOf(route.pattern), [...entered, house])]
  })
}

function rowOf({ method, pattern, target }: Route<Target>, base: string): Row {
  return [method, base + pattern, target.rules.guard === null ? '-' : 'yes', onceOf(method, target), formOf(target)]
}

function onceOf(method: string, { kind, rules }: Target): string {
  if (method === 'GET' || kind === 'mount') return '-'
  return rules.once?.mode ?? 'each time'
}

function formOf(target: Target): string {
  switch (target.kind) {
    case 'form':
      return target.form.method === 'get' ? formInWords(target.form) : 'is shown'
    case 'submit':
      return formInWords(target.form)
    case 'mount':
      return target.app === null ? 'mounts a function' : 'mounts an app'
    case 'handler':
    case 'status':
    case 'missing':
      return '-'
  }
}

function aroundOf(house: House, base: string, entered: readonly House[] = []): readonly Row[] {
  const own = house.middleware.map(({ prefix, run }) => [run.name || '-', below(base, prefix)])
  const mounted = house.routes.all.flatMap(({ pattern, target }) => {
    const other = target.kind === 'mount' ? target.app : null
    if (other === null || other === house || entered.includes(other)) return []
    return aroundOf(other, base + prefixOf(pattern), [...entered, house])
  })
  return [...own, ...mounted]
}

function below(base: string, prefix: string): string {
  return (base + prefix).replace(/(.)\/$/, '$1')
}

/** Where a mount is: its pattern is `/admin/**`. */
function prefixOf(pattern: string): string {
  return pattern.replace(/\/\*\*$/, '')
}
