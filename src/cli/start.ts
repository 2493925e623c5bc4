import { isIP } from 'node:net'
import { environmentVariable } from '../app/environment.ts'
import type { TrustProxy } from '../node/trust-proxy.ts'
import { type Command, file } from './command.ts'
import { WrongUse } from './failure.ts'
import { type Given, wholeNumber } from './given.ts'
import type { Order } from './order.ts'
import { serveAlone } from './serve-alone.ts'
import { serveByWorkers } from './serve-by-workers.ts'

const mostWorkers = 64

/** `dewar start FILE` */
export const start: Command = {
  name: 'start',
  does: 'Serves an app in production. SIGTERM and Ctrl-C stop it when the requests that run are answered.',
  usages: ['FILE'],
  operands: [file],
  options: {
    port: { value: 'PORT', about: 'where to listen; 0 takes a free one. Default: PORT of the environment, else 3000' },
    host: { value: 'HOST', about: 'the address to listen on. Default: HOST of the environment, else 127.0.0.1' },
    workers: {
      value: 'N',
      about: `how many processes serve it, 1 to ${mostWorkers}; several need a store. Default: 1`,
    },
    'trust-proxy': { value: 'WHOM', about: 'proxies to believe: loopback, their addresses (a,b), or how many' },
  },
  example: 'dewar start app.ts --port 8080 --workers 2',
  async run(given, host) {
    const [order, workers] = [orderOf(given), wholeNumber(given, 'workers', [1, mostWorkers]) ?? 1]
    chooseProduction()
    await (workers === 1 ? serveAlone(order, host) : serveByWorkers(order, { count: workers, host }))
    return ''
  },
}

// Before the app is imported. What the user said for themselves holds.
function chooseProduction(): void {
  const name = ['DEWAR_ENV', 'NODE_ENV'].find((variable) => environmentVariable(variable) !== undefined)
  if (name === undefined) {
    process.env.DEWAR_ENV = 'production'
    process.env.NODE_ENV = 'production' // libraries look at it
  } else if (environmentVariable(name) !== 'production') {
    console.error(`dewar: This is development, as ${name} is ${environmentVariable(name)}. For production unset it.`)
  }
}

function orderOf(given: Given): Order {
  const [port, host, whom] = [
    wholeNumber(given, 'port', [0, 65_535]),
    given.option('host'),
    given.option('trust-proxy'),
  ]
  return {
    file: given.operand('FILE'),
    ...(port === null ? {} : { port }),
    ...(host === null ? {} : { host }),
    ...(whom === null ? {} : { trustProxy: trustProxyOf(whom) }),
  }
}

function trustProxyOf(whom: string): TrustProxy {
  if (whom === 'loopback') return whom
  if (/^\d{1,3}$/.test(whom)) return Number(whom)
  const addresses = whom.split(',').map((address) => address.trim())
  if (addresses.every((address) => isIP(address) !== 0)) return addresses
  throw new WrongUse(
    `--trust-proxy is ${JSON.stringify(whom)}; it may be loopback, a number of proxies, or IP addresses with commas between.`,
  )
}
