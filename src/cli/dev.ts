import { statSync } from 'node:fs'
import { environmentVariable } from '../app/environment.ts'
import { readPort } from '../node/serve.ts'
import { type Command, file, type Host } from './command.ts'
import { listenNear, type Where } from './dev-listen.ts'
import { canTellLoaded } from './dev-loaded.ts'
import { DevServer } from './dev-server.ts'
import { DevTerminal } from './dev-terminal.ts'
import { Refused } from './failure.ts'
import { wholeNumber } from './given.ts'
import { untilSignal } from './until-signal.ts'

/** `dewar dev FILE` */
export const dev: Command = {
  name: 'dev',
  does: 'Serves an app in development: loads it again when a file of it changes, and shows what goes wrong.',
  usages: ['FILE'],
  operands: [file],
  options: {
    port: {
      value: 'PORT',
      about: 'where to listen, or the next free one; 0 takes any. Default: PORT of the environment, else 3000',
    },
    host: { value: 'HOST', about: 'the address to listen on. Default: HOST of the environment, else 127.0.0.1' },
  },
  example: 'dewar dev app.ts --port 8080',
  async run(given, host) {
    const port = readPort(wholeNumber(given, 'port', [0, 65_535]) ?? undefined)
    const where = { port, host: given.option('host') ?? environmentVariable('HOST') ?? '127.0.0.1' }
    const path = given.operand('FILE')
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Refused(`There is no file ${path}.`)
    if (!canTellLoaded()) throw new Refused(`dewar dev needs Node 22.15 or newer, and this is ${process.version}.`)
    await serveInDevelopment(path, where, host)
    return ''
  },
}

async function serveInDevelopment(path: string, where: Where, host: Host): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}) // nobody reads it: it serves all the same
  const terminal = new DevTerminal()
  const server = new DevServer(path, terminal)
  const asked = untilSignal(() => server.kill())
  const listening = await listenNear(where, (connection) => server.take(connection))
  host.handOver()
  const isEverywhere = listening.address === '0.0.0.0' || listening.address === '::' // however it was written
  const url = urlOf(listening.port, isEverywhere ? '127.0.0.1' : where.host)
  if (where.port !== 0 && listening.port !== where.port)
    terminal.sayNotice(`Port ${where.port} is in use: listening on ${url}`)
  terminal.sayStart({ file: path, url, host: isEverywhere ? where.host : null })
  server.start()
  await asked
  await server.stop()
}

function urlOf(port: number, host: string): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
