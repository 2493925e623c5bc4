import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Dewar, memory } from '../../src/index.ts'
import { unavailable } from '../../src/store/unavailable.ts'
import { quietly } from './quietly.ts'

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

// A person waits for a submission: the page asks for itself again each second.
test('the page that waits for a submission says 503 while the store cannot be asked, and not that nothing was done', async () => {
  const store = memory()
  const app = new Dewar({ secret, store, env: 'production' })
  const headers = { cookie: `session=${'f'.repeat(22)}.${'s'.repeat(32)}` }
  const address = `http://localhost/_dewar/submission?form=%2Fpay&id=${'n'.repeat(16)}&key=0`
  const look = (): Promise<Response> => quietly(() => app.fetch(new Request(address, { headers })))

  const known = await look()
  assert.deepEqual([known.status, /Nothing was done/.test(await known.text())], [200, true])

  store.begin = () => Promise.reject(unavailable(undefined))
  const away = await look()
  assert.equal(away.status, 503)
  assert.doesNotMatch(await away.text(), /Nothing was done/)
})
