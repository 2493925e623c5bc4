import assert from 'node:assert/strict'
import { it } from 'node:test'
import { keyring } from '../crypto/keyring.ts'
import { systemRandom } from '../crypto/random.ts'
import { readSecrets } from '../crypto/secret.ts'
import { memory } from '../store/memory.ts'
import { createCookieKeeper } from './cookie-keeper.ts'
import { cookieKindFor } from './cookie-name.ts'
import { defaultLifetime } from './lifetime.ts'
import { LiveSession } from './live-session.ts'

it('remembers no submission for longer than its record counts', async () => {
  const records = memory()
  const keys = keyring(readSecrets('x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'), 'dewar')
  const parts = { random: systemRandom, lifetime: defaultLifetime, schema: {} }
  const keeper = createCookieKeeper({ records, keyring: keys, ...parts })
  const arrival = {
    kind: cookieKindFor('http://localhost/'),
    cookie: undefined,
    device: () => ({ userAgent: '', address: '' }),
  }
  const submit = async (key: string, nowSeconds: number): Promise<void> => {
    const opening = await keeper.open(arrival, nowSeconds, { key })
    const live = new LiveSession({ load: () => null, nowSeconds, random: systemRandom, greeted: null })
    const once = { fingerprint: 'f', expiresSeconds: nowSeconds + 100, owner: undefined, answer: () => '' }
    await keeper.end({ arrival, opening, live, once: { kind: 'complete', key, ...once } })
  }
  await submit('first', 1_000)
  await submit('second', 2_000)
  assert.equal(await records.sweep(10, 2_000), 0)
})
