import { redirect } from 'dewar'
import type { App } from './app-type.ts'
import { waitAsAsked } from './wait.ts'

/** What a session keeps: reading it, writing it, ending it, and messages for the next page. */
export function addSessionRoutes(app: App): void {
  addReads(app)
  addWrites(app)
  addFlash(app)
}

function addReads(app: App): void {
  app.get('/session', ({ session }) => session.all())
  app.get('/has', ({ session, query }) => String(session.has(query.get('k') ?? 'k')))
  app.get('/size', ({ session }) => String(session.size))
  app.get('/refresh', ({ session }) => {
    session.refresh()
    return 'ok'
  })
}

function addWrites(app: App): void {
  app.post('/put', ({ session, fields }) => {
    session.set(fields.require('k'), fields.require('v'))
    return redirect('/session')
  })

  app.post('/append', ({ session, fields }) => {
    const item = fields.require('item')
    const items = session.get('items')
    if ('push' in session) session.push('items', item)
    else session.set('items', [...(Array.isArray(items) ? items : []), item])
    return redirect('/session')
  })

  app.post('/increment', ({ session }) => {
    const visits = session.get('visits')
    if ('increment' in session) session.increment('visits')
    else session.set('visits', (typeof visits === 'number' ? visits : 0) + 1)
    return redirect('/session')
  })

  app.get('/slow', async ({ session, query }) => {
    session.set(query.get('k') ?? 'slow', true)
    await waitAsAsked(query)
    return 'ok'
  })

  app.post('/clear', ({ session, query }) => {
    session.clear()
    if (query.get('then') === 'throw') throw new Error('The session was cleared, and then this was thrown.')
    if (query.get('then') === 'set') session.set('after', 1)
    return redirect('/session')
  })
}

function addFlash(app: App): void {
  app.get('/flash', ({ flashes }) => flashes.map(({ message }) => `${message}\n`).join(''))
  app.post('/flash', ({ fields }) => redirect('/flash', { flash: fields.require('message') }))
}
