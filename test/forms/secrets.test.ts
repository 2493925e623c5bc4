import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import { form, html } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { appWith, newApp, pageOf, postBadly, posted } from './support.ts'

describe('secrets', () => {
  const account = z.object({
    password: z.string().min(50),
    newPassword: z.string().min(50),
    passphraseHint: z.string(),
    pin: z.string().meta({ format: 'password' }),
    _trace: z.string(),
    login: z.object({ password: z.string(), _nonce: z.string() }),
    keys: z.array(z.object({ password: z.string(), label: z.string() })),
    codes: z.array(z.string()),
    passwords: z.array(z.string().min(50, 'is short')),
    note: z.string(),
  })
  const shown = form(account, {
    fields: {
      newPassword: { control: 'textarea' },
      pin: { control: 'hidden' },
      codes: { control: 'password' },
      passwords: { control: 'textarea' },
      passphraseHint: { control: 'text' },
    },
  })
  const names = [
    'password',
    'newPassword',
    'pin',
    '_trace',
    'login.password',
    'login._nonce',
    'keys.0.password',
    'codes',
    'passwords',
  ]

  it('are never put back into a page: neither passwords nor names that begin with _, at any depth, in any control', async () => {
    const body = new URLSearchParams([...names.map((name) => [name, 'SENTINEL']), ['keys.0.label', 'kept']])
    const html = await postBadly(shown, body.toString())
    assert.doesNotMatch(html, /SENTINEL/)
    assert.match(html, /value="kept"/)
  })

  it('are not filled in either', async () => {
    const app = newApp()
    const secret = 'SENTINEL'
    const values = {
      password: secret,
      newPassword: secret,
      pin: secret,
      _trace: secret,
      login: { password: secret, _nonce: secret },
      keys: [{ password: secret, label: 'kept' }],
      codes: [secret],
      passwords: [secret],
    }
    app.form('/', shown, { view: ({ form }) => pageOf(html`${form.fill(values)}`), submit: () => 'done' })
    const page = await browser(app).open('/')
    assert.doesNotMatch(page.html, /SENTINEL/)
    assert.equal(page.value('keys.0.label'), 'kept')
  })

  it('are told of beside their field, though they are gone', async () => {
    const html = await postBadly(shown, 'passwords=SENTINEL&passwords=SENTINEL')
    assert.match(html, /id="form-passwords--error">is short</)
    assert.equal(html.match(/<a href="#form-passwords-1">Passwords<\/a>: is short/g)?.length, 2)
  })

  it('are typed unseen in the items of a list', async () => {
    const page = await browser(appWith(shown)).open('/')
    assert.match(page.html, /<input type="password" id="form-codes-1" name="codes"/)
  })

  it('are not given to an author who asks for their text', async () => {
    const app = newApp()
    const values: string[] = []
    app.form('/', shown, {
      view: ({ form }) => {
        values.push(form.value('password'), form.value('newPassword'), form.value('_trace'), form.value('note'))
        return 'shown'
      },
      submit: () => 'done',
    })
    await app.fetch(posted('/', 'password=x&newPassword=x&_trace=x&note=kept'))
    assert.deepEqual(values, ['', '', '', 'kept'])
  })

  it('may be echoed when the author says that it is plain text after all', async () => {
    const html = await postBadly(shown, 'passphraseHint=kept')
    assert.match(html, /name="passphraseHint"[^>]* value="kept"/)
  })

  // arktype quotes what it refuses: 'password must be matched by ^\d+$ (was "hunter2")'; so does valibot
  const quoting: Record<string, StandardSchemaV1> = {
    arktype: type({ password: /^\d+$/, name: 'string' }),
    'arktype, trimmed': type({ password: type('string.trim').to(/^\d+$/), name: 'string' }),
    valibot: toStandardJsonSchema(v.object({ password: v.pipe(v.string(), v.regex(/^\d+$/)), name: v.string() })),
    'arktype, of the whole object': type({ password: 'string', name: 'string' }).narrow(() => false),
    'arktype, undescribed': {
      '~standard': { ...type({ password: /^\d+$/ })['~standard'], jsonSchema: undefined } as never,
    },
  }
  for (const [library, schema] of Object.entries(quoting)) {
    it(`are kept out of messages that would quote them, as those of ${library}`, async () => {
      for (const secret of ['hunter2', ' hunter2 ', 'hun"ter2', 'hun\\ter2']) {
        const app = newApp()
        app.post('/', form(schema), () => 'done')
        const body = new URLSearchParams({ password: secret, name: 'Ada' }).toString()
        const told = await (await app.fetch(posted('/', body, { accept: 'application/json' }))).text()
        assert.match(told, /errors/)
        assert.doesNotMatch(told, /hun.{0,4}ter2/)
      }
    })
  }
})
