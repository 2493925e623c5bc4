import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'

/** The ways to order, as their addresses. */
export type Way = '/plain' | '/orders' | '/saved'

/** A shop in a process of its own, and 64 customers who stand in it. */
export interface Customers {
  /** Has so many orders made, with so many in flight, and gives how long each took, and all of them, in milliseconds. */
  order(way: Way, plan: { readonly times: number; readonly inFlight: number }): Promise<Ordered>
  stop(): void
}

/** What orders took, in milliseconds. */
export interface Ordered {
  readonly each: readonly number[]
  readonly all: number
}

interface Customer {
  cookie: string
  tokens: string[]
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** Opens a shop on a new file. */
export async function openShop(file: string): Promise<Customers> {
  const script = fileURLToPath(new URL('shop.ts', import.meta.url))
  const env = { ...process.env, DEWAR_SECRET: randomBytes(32).toString('base64url') }
  const child = spawn(process.execPath, [script, file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill())
  const [line] = await once(child.stdout, 'data')
  const port = Number(String(line))
  const customers = await Promise.all(Array.from({ length: 64 }, () => newCustomer(port)))
  return {
    async order(way, { times, inFlight }) {
      const standing = customers.slice(0, inFlight)
      const share = Math.ceil(times / inFlight)
      if (way === '/orders') for (const customer of standing) await takeForms(port, customer, share)
      const beginMs = performance.now()
      const each = await Promise.all(standing.map((customer) => orderAll(port, way, { customer, share })))
      return { each: each.flat(), all: performance.now() - beginMs }
    },
    stop: () => void child.kill(),
  }
}

async function newCustomer(port: number): Promise<Customer> {
  const customer = { cookie: '', tokens: [] }
  await takeForms(port, customer, 1)
  await orderOnce(port, '/orders', customer) // now there is a session
  customer.tokens = []
  return customer
}

// The page with the forms is not what is measured.
async function takeForms(port: number, customer: Customer, least: number): Promise<void> {
  while (customer.tokens.length < least) {
    const { text, cookie } = await ask(port, '/forms', { cookie: customer.cookie })
    customer.cookie = cookie ?? customer.cookie
    customer.tokens.push(...[...text.matchAll(/name="_token" value="([^"]+)"/g)].map(([, token = '']) => token))
  }
}

async function orderAll(
  port: number,
  way: Way,
  { customer, share }: { readonly customer: Customer; readonly share: number },
): Promise<readonly number[]> {
  const took: number[] = []
  for (let turn = 0; turn < share; turn++) {
    const beginMs = performance.now()
    await orderOnce(port, way, customer)
    took.push(performance.now() - beginMs)
  }
  return took
}

async function orderOnce(port: number, way: Way, customer: Customer): Promise<void> {
  const token = way === '/orders' ? `&_token=${customer.tokens.pop()}` : ''
  const body = `sku=dewar-1l&quantity=1${token}`
  const { status, text, cookie } = await ask(port, way, { cookie: customer.cookie, body })
  if (status !== 303) throw new Error(`${way} answered ${status}: ${text}`)
  customer.cookie = cookie ?? customer.cookie
}

function ask(
  port: number,
  path: string,
  { cookie, body }: { readonly cookie: string; readonly body?: string },
): Promise<{ status: number; text: string; cookie: string | undefined }> {
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const length = body === undefined ? {} : { 'content-length': String(body.length) }
  const headers = { cookie, 'sec-fetch-site': 'same-origin', ...type, ...length }
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const asking = request({ host: '127.0.0.1', port, path, method, headers, agent }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => {
        const [set] = answer.headers['set-cookie'] ?? []
        resolve({ status: answer.statusCode ?? 0, text, cookie: set?.split(';')[0] })
      })
      answer.on('error', reject)
    })
    asking.on('error', reject).end(body)
  })
}
