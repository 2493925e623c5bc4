import { Dewar, form, html, type Redirect, redirect, type Store } from 'dewar'
import * as z from 'zod'
import type { Process } from './crew.ts'
import { payOutside } from './payment-service.ts'
import { SimulatedStore } from './simulated-store.ts'
import type { Stage } from './stage.ts'
import { SimulatedTransactionalStore } from './transactional-store.ts'

type Listing = { readonly receipts: readonly number[]; readonly items: readonly string[] }
/** The app as it is simulated. Its routes are typed where they are added. */
export type SimulatedApp = Dewar<Listing, Store | undefined>

const payment = form(z.object({ amount: z.int().min(1).max(1000) }))
const signIn = form(z.object({ user: z.string().min(1) }))

/** The routes with a form that is sent once, by mode. */
export const onceRoutes = {
  cookie: ['/pay'],
  memory: ['/pay', '/charge', '/note'],
  tx: ['/order', '/order', '/note', '/pay'],
} as const

const options = { secret: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa', env: 'production' } as const

/** The app in one process: an ordinary one, but that its handlers and all they reach take their time from the world. */
export function createSimulatedApp(process: Process, stage: Stage): SimulatedApp {
  const { random, mode } = stage
  const parts = { ...options, random, clock: { now: () => process.nowMs() } }
  if (mode === 'cookie') {
    const app: SimulatedApp = new Dewar<Listing, Store | undefined>(parts)
    addPayments(app, process, stage)
    addVisits(app)
    return app
  }
  if (mode === 'memory') {
    const app: SimulatedApp = new Dewar<Listing, Store | undefined>({
      ...parts,
      store: new SimulatedStore(process, stage),
    })
    addPayments(app, process, stage)
    addNotes(app, process, stage)
    addVisits(app)
    return app
  }
  const app = new Dewar<Listing, SimulatedTransactionalStore>({
    ...parts,
    store: new SimulatedTransactionalStore(process, stage),
  })
  addOrders(app, process, stage)
  const same = app as unknown as SimulatedApp // what its sessions can do is the same
  addPayments(same, process, stage)
  addNotes(same, process, stage)
  addVisits(same)
  return same
}

// <form method="post" action="/order"><input type="hidden" name="_token" value="…"><input name="amount">…
function addOrders(
  app: Dewar<Listing, SimulatedTransactionalStore>,
  process: Process,
  { world, changed }: Stage,
): void {
  app.post(
    '/order',
    payment,
    async ({ fields, session, once, commit }) => {
      await world.pass(`${process.name} /order works`, { owner: process, delayMs: process.thought() })
      return commit(async (tx) => {
        process.stumble()
        const number = await tx.insert({ ...orderOf(fields, '/order'), key: once.key })
        session.push('receipts', number)
        process.stumble()
        return redirect(`/receipt/${number}`)
      })
    },
    { once: { changed } },
  )
}

// What no store can undo: with /pay the person is asked when nobody knows, and /charge is tried again under its key.
function addPayments(app: SimulatedApp, process: Process, stage: Stage): void {
  const { changed } = stage
  for (const [route, onCrash] of [
    ['/pay', 'confirm'],
    ['/charge', 'rerun'],
  ] as const) {
    app.post(
      route,
      payment,
      async ({ fields, session, once }): Promise<Redirect> => {
        await stage.world.pass(`${process.name} ${route} works`, { owner: process, delayMs: process.thought() })
        process.stumble()
        once.external()
        const order = { ...orderOf(fields, route), key: once.key }
        const number = await payOutside(process, stage, { order, knowsKeys: onCrash === 'rerun' })
        if ('push' in session) session.push('receipts', number)
        else session.set('receipts', [...(session.get('receipts') ?? []), number])
        if (onCrash === 'rerun') process.stumble()
        return redirect(`/receipt/${number}`)
      },
      { once: { mode: 'guard', changed, onCrash } },
    )
  }
}

// What is done to the session alone, by a route without a form of its own.
function addNotes(app: SimulatedApp, process: Process, { world, disk, changed }: Stage): void {
  app.post(
    '/note',
    async ({ session, fields }): Promise<Redirect> => {
      await world.pass(`${process.name} /note works`, { owner: process, delayMs: process.thought() })
      process.stumble()
      const number = disk.nextNumber()
      disk.notes.push({ ...orderOf(fields, '/note'), number })
      if ('push' in session) session.push('receipts', number)
      return redirect(`/receipt/${number}`)
    },
    { once: { changed, onCrash: 'rerun' } }, // it is done with its record or not at all
  )
}

function addVisits(app: SimulatedApp): void {
  app.get('/form', ({ query, hidden, formFor }) => {
    const action = query.get('for') ?? '/pay'
    if (action === '/note')
      return html`<form method="post" action="/note">${hidden('/note')}<button>Send</button></form>`
    return html`${action === '/login' ? formFor(signIn, action) : formFor(payment, action)}`
  })

  app.form('/login', signIn, {
    view: ({ form }) => html`${form}`,
    submit: ({ data, session }) => {
      session.login(data.user)
      return redirect('/me')
    },
  })

  app.post('/logout', ({ session }) => {
    session.logout()
    return redirect('/me')
  })

  app.post('/append', ({ session, fields }) => {
    if ('push' in session) session.push('items', fields.require('item'))
    return redirect('/me')
  })

  app.get('/me', ({ session }) => ({ user: session.user, ...session.all() }))
}

function orderOf(fields: { get(name: string): string | null }, route: string) {
  return { route, token: fields.get('_token') ?? '', body: fields.get('amount') ?? '' }
}
