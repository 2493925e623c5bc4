import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as z from 'zod'
import { Dewar, form, memory, redirect } from '../../src/index.ts'
import { unavailable } from '../../src/store/unavailable.ts'
import { quietly } from './quietly.ts'

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

// <form method="post" action="/note"><input type="hidden" name="_token" value="…"><input name="text"><button></form>
test('the page that waits knows each text where each text of a form is done once', { timeout: 60_000 }, async () => {
  const store = memory()
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  const processOf = (): Dewar => {
    const app = new Dewar({ secret, store, env: 'production' })
    const note = form(z.object({ text: z.string() }))
    app.get('/', ({ formFor }) => formFor(note, '/note'))
    app.post(
      '/note',
      note,
      async () => {
        await held
        return redirect('/written')
      },
      { once: { mode: 'guard', changed: 'accept' } },
    )
    return app
  }
  const [one, other] = [processOf(), processOf()]
  const page = await one.fetch(new Request('http://localhost/'))
  const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const token = /name="_token" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const send = (app: Dewar): Promise<Response> => {
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const body = new URLSearchParams({ _token: token, text: 'once' })
    return app.fetch(new Request('http://localhost/note', { method: 'POST', headers, body }))
  }
  const first = send(one)
  const waiting = new URL((await send(other)).headers.get('location') ?? '', 'http://localhost')
  const look = (): Promise<Response> => other.fetch(new Request(waiting, { headers: { cookie } }))
  assert.match(await (await look()).text(), /Still working/)
  const { begin } = store
  store.begin = () => Promise.reject(unavailable(undefined))
  const away = await quietly(look)
  assert.equal(away.status, 503)
  assert.doesNotMatch(await away.text(), /not done/)
  store.begin = begin
  letGo()
  assert.equal((await first).headers.get('location'), '/written')
  assert.equal((await look()).headers.get('location'), '/written')
})
