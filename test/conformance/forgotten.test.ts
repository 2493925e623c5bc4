import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from 'redis'
import { skipRedis, startRedis } from '../store/servers/redis-server.ts'
import { type Answer, get, post } from './asking.ts'
import { openFile, redisAddress } from './keepers.ts'
import { type Started, startApp } from './started.ts'

/** An app whose store can lose everything while a form is open in a browser. */
interface Stage {
  app: Started
  /** Everything is lost, and the app works on. */
  lose(): Promise<void>
  /** What keeps it has ended and is there again, with what it has kept. */
  restart(): Promise<void>
  close(): Promise<void>
}

interface Place {
  readonly name: string
  readonly skip: string | false
  /** Whether anything outlives the process that keeps it. */
  readonly isKept: boolean
  open(): Promise<Stage>
}

const places: readonly Place[] = [
  { name: 'memory that ends with its process', skip: false, isKept: false, open: inMemory },
  { name: 'a file of SQLite that is deleted', skip: false, isKept: true, open: inFile },
  { name: 'a Redis that comes back empty under the app', skip: skipRedis, isKept: true, open: inRedis },
]

async function inMemory(): Promise<Stage> {
  const stage = {
    app: await startApp({ DEWAR_STORE: 'memory:' }),
    async lose() {
      const { port } = stage.app
      await stage.app.stop()
      stage.app = await startApp({ DEWAR_STORE: 'memory:', PORT: `${port}` })
    },
    restart: async () => assert.fail('It keeps nothing.'),
    close: async () => void (await stage.app.stop()),
  }
  return stage
}

async function inFile(): Promise<Stage> {
  const file = await openFile()
  const begin = (port: number) => startApp({ DEWAR_STORE: file.address, PORT: `${port}` })
  const again = async (meanwhile: () => Promise<void>) => {
    const { port } = stage.app
    await stage.app.stop()
    await meanwhile()
    stage.app = await begin(port)
  }
  const stage = {
    app: await begin(0),
    lose: () => again(() => rm(file.path)),
    restart: () => again(async () => {}),
    async close() {
      await stage.app.stop()
      await file.close()
    },
  }
  return stage
}

async function inRedis(): Promise<Stage> {
  const server = await startRedis()
  const app = await startApp({ DEWAR_STORE: redisAddress(server.port) })
  const again = async () => {
    await server.kill()
    await server.restart()
    while ((await get(`${app.url}/count`)).status !== 200) await pause(50) // which asks the server, and not the store
  }
  return {
    app,
    lose: async () => {
      await server.forget()
      await again()
    },
    async restart() {
      const own = await createClient({ url: server.url }).connect()
      await own.sendCommand(['SAVE'])
      own.destroy()
      await again()
    },
    async close() {
      await app.stop()
      await server.stop()
    },
  }
}

for (const { name, skip, isKept, open } of places) {
  describe(`a payment with its submission in ${name}`, { skip }, () => {
    let stage: Stage

    before(async () => {
      stage = await open()
    })
    after(() => stage?.close())

    const count = async (): Promise<number> => Number((await get(`${stage.app.url}/count`)).text)

    // /form   <form method="post" action="/pay"><input type="hidden" name="_token" value="…">
    //         <input type="number" name="amount"><button>Pay</button></form>
    const show = async (): Promise<Shown> => shownIn(await get(`${stage.app.url}/form`))
    const pay = ({ token, cookie }: Shown): Promise<Answer> =>
      post(`${stage.app.url}/pay`, { amount: '7', _token: token }, cookie)

    const assertAskedAgain = async (answer: Answer, cookie: string): Promise<void> => {
      assert.equal(answer.status, 422, answer.text)
      assert.match(answer.text, /Nothing was done yet/)
      assert.match(answer.text, /name="amount"[^>]*value="7"/)
      assert.equal(await count(), 0)
      const shown = shownIn(answer, cookie)
      const meant = await pay(shown)
      assert.deepEqual([meant.status, meant.location, await count()], [303, '/receipt/1', 1])
      assert.deepEqual([(await pay(shown)).location, await count()], ['/receipt/1', 1])
    }

    it('is asked for again when all was lost after its form was shown', async () => {
      const shown = await show()
      await stage.lose()
      await assertAskedAgain(await pay(shown), shown.cookie)
    })

    it('is not made again from the first form when all was lost after it was made', async () => {
      const shown = await show()
      const made = await pay(shown)
      assert.equal(made.status, 303)
      await stage.lose()
      await assertAskedAgain(await pay(shown), shown.cookie)
      assert.equal((await pay({ ...shown, cookie: newest(made, shown.cookie) })).status, 422)
      assert.equal(await count(), 1)
    })

    if (!isKept) return

    it('is made from its form when nothing was lost, and once', async () => {
      const [shown, before] = [await show(), await count()]
      await stage.restart()
      const made = await pay(shown)
      assert.deepEqual([made.status, made.location], [303, `/receipt/${before + 1}`])
      await stage.restart()
      assert.equal((await pay(shown)).location, made.location)
      assert.equal(await count(), before + 1)
    })
  })
}

/** A form as its visitor has it. */
interface Shown {
  readonly cookie: string
  readonly token: string
}

function shownIn(answer: Answer, before = ''): Shown {
  const token = /name="_token" value="([^"]+)"/.exec(answer.text)?.[1] ?? assert.fail(answer.text)
  return { token, cookie: newest(answer, before) }
}

function newest({ cookies }: Answer, before: string): string {
  return cookies[0]?.split(';')[0] ?? before
}
