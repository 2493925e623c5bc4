import { houseOf } from '../app/dewar.ts'
import { listMiddleware, listRoutes } from '../app/list-routes.ts'
import { systemRandom } from '../crypto/random.ts'
import { freshSecret } from '../crypto/secret.ts'
import { columns } from './columns.ts'
import { type Command, file } from './command.ts'
import { plain } from './failure.ts'
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
    process.env.DEWAR_SECRET ||= freshSecret(systemRandom) // nothing is sealed here
    const house = houseOf(await loadApp(name))
    const listed = listRoutes(house).map(({ method, path, isGuarded, once, form }) => {
      return [method, path, isGuarded ? 'yes' : '-', once ?? '-', form ?? '-']
    })
    const around = listMiddleware(house).map(({ name, path }) => [name || '-', path])
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
