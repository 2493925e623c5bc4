import { styleText } from 'node:util'
import { houseOf } from '../app/dewar.ts'
import { currentEnvironment } from '../app/environment.ts'
import { storesOf } from '../app/stores-of.ts'
import type { Store } from '../store/store.ts'
import { checkAddress } from './check-address.ts'
import { checkNode } from './check-node.ts'
import { checkEnvironment, checkSecret, secretFault } from './check-secret.ts'
import { checkStore } from './check-store.ts'
import { checkUploads } from './check-uploads.ts'
import { columns } from './columns.ts'
import { type Command, file } from './command.ts'
import { plain } from './failure.ts'
import type { Finding } from './finding.ts'
import { loadApp } from './load-app.ts'
import type { Said } from './said.ts'

/** `dewar doctor FILE` */
export const doctor: Command = {
  name: 'doctor',
  does: 'Looks at an app and where it runs as production will, and says what to do. Exits 1 if anything fails.',
  usages: ['FILE'],
  operands: [file],
  options: {},
  example: 'dewar doctor app.ts',
  async run(given) {
    return said(await examine(given.operand('FILE')))
  },
}

async function examine(file: string): Promise<readonly Finding[]> {
  const node = checkNode(process.version)
  const before = currentEnvironment()
  process.env.DEWAR_ENV = 'production' // what is refused there is refused now
  const app = await loadApp(file).catch(secretFaultOf)
  if ('verdict' in app) return [node, app, ...(await checkAddress())]
  const house = houseOf(app)
  return [
    node,
    checkEnvironment(house.config, before),
    checkSecret(house.config),
    ...(await checkStores(storesOf(app))),
    ...(await checkAddress()),
    await checkUploads(house),
  ]
}

// Those of apps that are mounted come after the app's own. One that they share is looked at once.
async function checkStores(stores: readonly (Store | null)[]): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const [at, store] of [...new Set(stores)].entries()) {
    const found = await checkStore(store)
    findings.push(...(at === 0 ? found : found.map((each) => ({ ...each, about: `${each.about}, mounted` }))))
  }
  return findings
}

function secretFaultOf(error: unknown): Finding {
  const fault = secretFault(error)
  if (fault === null) throw error
  return fault
}

function said(findings: readonly Finding[]): Said {
  const lines = columns(findings.map(({ verdict, about, says }) => [verdict, about, plain(says)]))
  const text = lines.map((line) => line.replace(/^\w+/, coloured)).join('\n')
  const fails = findings.some(({ verdict }) => verdict === 'fail')
  return { kind: fails ? 'found wanting' : 'done', text }
}

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const

// Only on a terminal, and not where NO_COLOR is set.  no-color.org
function coloured(word: string): string {
  const colour = word === 'ok' || word === 'warn' || word === 'fail' ? colours[word] : 'none'
  return styleText(colour, word, { stream: process.stdout })
}
