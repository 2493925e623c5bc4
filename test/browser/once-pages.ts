import { Dewar, form, html, memory, redirect } from 'dewar'
import * as z from 'zod'
import type { OwnPage } from './own-pages.ts'

const order = form(z.object({ tea: z.string().min(1) }), { button: 'Order' })
const home = 'http://localhost'

/**
 * The pages of Dewar's own that a person meets whose form was sent before. Each name begins with the status it stands for.
 * It takes the ten seconds for which a submission waits before its person is told so.
 */
export async function oncePages(): Promise<OwnPage[]> {
  const [store, time] = [memory(), { ms: Date.now() }]
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const [first, second] = [appOn(store, { time, held }), appOn(store, { time, held })]

  const shown = await show(first, '/order')
  await send(first, '/order', shown, { tea: 'Assam' })
  const liked = await show(first, '/like')
  await send(first, '/like', liked, { tea: 'Assam' })
  const slow = await show(first, '/slow')
  const running = send(first, '/slow', slow, { tea: 'Assam' })
  const waiting = await send(second, '/slow', slow, { tea: 'Assam' })
  const status = `${home}${waiting.headers.get('location')}`
  const look = (cookie = slow.cookie): Promise<Response> => second.fetch(new Request(status, { headers: { cookie } }))

  const answers: (readonly [name: string, answer: Response])[] = [
    ['422, a form that was sent before', await send(first, '/order', shown, { tea: 'Sencha' })],
    ['422, the same with a mistake in it', await send(first, '/order', shown, { tea: '' })],
    ['422, a form without its token', await send(first, '/order', { ...shown, token: '' }, { tea: 'Sencha' })],
    ['422, something without a form that was sent before', await send(first, '/like', liked, { tea: 'Sencha' })],
    ['200, a submission that takes long', await look()],
    ['200, a submission of nobody', await look('')],
  ]
  time.ms += 60_000
  answers.push(['200, a submission whose end nobody knows', await look()])
  release()
  await running
  return Promise.all(
    answers.map(async ([name, answer]) => ({ name, status: answer.status, html: await answer.text() })),
  )
}

interface Pace {
  readonly time: { readonly ms: number }
  readonly held: Promise<void>
}

function appOn(store: ReturnType<typeof memory>, { time, held }: Pace) {
  const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'
  const app = new Dewar({ store, secret, env: 'production', clock: { now: () => time.ms } })
  for (const path of ['/order', '/like', '/slow'] as const) {
    app.get(path, ({ formFor }) => html`${formFor(order, path)}`)
  }
  app.post('/order', order, () => redirect('/orders/1'), { once: true })
  app.post('/like', () => redirect('/liked'), { once: true })
  app.post(
    '/slow',
    order,
    async () => {
      await held
      return redirect('/orders/1')
    },
    { once: true },
  )
  return app
}

type App = ReturnType<typeof appOn>

interface Shown {
  readonly cookie: string
  readonly token: string
}

async function show(app: App, path: string): Promise<Shown> {
  const answer = await app.fetch(new Request(home + path))
  const token = /name="_token" value="([^"]+)"/.exec(await answer.text())?.[1] ?? ''
  return { token, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

function send(app: App, path: string, { cookie, token }: Shown, fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ ...fields, _token: token })
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  return app.fetch(new Request(home + path, { method: 'POST', headers, body }))
}
