import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { Dewar, form, html, redirect } from '../../src/index.ts'
import { serve } from '../../src/node.ts'

/** An app that `dewar/node` serves, for the runtimes to run as a program of its own: it says its address. */
const app = new Dewar({ secret: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa', env: 'development' })
app.form('/', form(z.object({ name: z.string().min(2) })), {
  view: ({ form }) => html`<h1>Who are you?</h1>${form}`,
  submit: ({ data, session }) => {
    session.set('name', data.name)
    return redirect('/thanks')
  },
})
app.get('/thanks', ({ session }) => `Thank you, ${session.get('name')}!`)
app.get('/slow', async () => {
  console.log('begun')
  await pause(500)
  return 'done slowly'
})

await serve(app, { port: 0 })
