import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { findField, inWords, isSecretName, namesOf } from './field.ts'
import { form } from './form.ts'

describe('a name in words', () => {
  const words: Record<string, string> = {
    username: 'Username',
    firstName: 'First name',
    first_name: 'First name',
    'first-name': 'First name',
    'address.zipCode': 'Zip code',
    'items.*.sku': 'Sku',
    'items.*': 'Items',
    'items.3': 'Items',
    _trace: 'Trace',
    größe: 'Größe',
  }
  for (const [name, label] of Object.entries(words)) {
    it(`${name} is ${label}`, () => {
      assert.equal(inWords(name), label)
    })
  }
})

describe('finding a field', () => {
  const item = z.object({ sku: z.string(), sizes: z.array(z.object({ cm: z.number() })) })
  const schema = z.object({
    name: z.string(),
    'a.b': z.string(),
    address: z.object({ 7: z.string() }),
    items: z.array(item),
  })
  const fields = form(schema).fields ?? []

  it('takes numbers in the name for any place in a list', () => {
    assert.equal(findField(fields, 'items.12.sizes.0.cm')?.name, 'items.*.sizes.*.cm')
    assert.equal(findField(fields, 'items.12')?.name, 'items.*')
  })

  it('takes them for themselves in an object', () => {
    assert.equal(findField(fields, 'address.7')?.name, 'address.7')
    assert.equal(findField(fields, 'address.8'), undefined)
  })

  it('finds names with dots in them', () => {
    assert.equal(findField(fields, 'a.b')?.key, 'a.b')
  })

  it('finds nothing for a name that is only near', () => {
    for (const name of ['', 'nam', 'items.x.sku', 'items..sku', 'items.1.sku.2', 'constructor', '*']) {
      assert.equal(findField(fields, name), undefined, name)
    }
  })

  it('has names for all', () => {
    assert.deepEqual(namesOf(fields), [
      'name',
      'a.b',
      'address',
      'address.7',
      'items',
      'items.*',
      'items.*.sku',
      'items.*.sizes',
      'items.*.sizes.*',
      'items.*.sizes.*.cm',
    ])
  })
})

describe('a secret name', () => {
  it('begins with _ somewhere, or has a password in it', () => {
    const secret = ['_token', 'a._b', 'a.0._b', 'password', 'newPassword', 'login.passphrase']
    const plain = ['a', 'a_b', 'pass', 'key']
    assert.deepEqual(secret.filter(isSecretName), secret)
    assert.deepEqual(plain.filter(isSecretName), [])
  })
})
