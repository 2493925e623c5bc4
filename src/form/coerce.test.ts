import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { coerce, isTicked } from './coerce.ts'
import { form } from './form.ts'

/** What texts come to, for a schema. */
function read(schema: z.ZodType, ...texts: string[]): unknown {
  const [field] = form(z.object({ value: schema })).fields ?? []
  assert.ok(field)
  const coerced = coerce(field, texts)
  return coerced.kind === 'value' ? coerced.value : coerced.message
}

describe('reading the text of a control', () => {
  it('makes one line end of each that browsers send', () => {
    assert.equal(read(z.string(), 'one\r\ntwo\rthree\n'), 'one\ntwo\nthree\n')
    assert.equal(read(z.string(), '\r\n'), '\n')
    assert.equal(read(z.string().optional(), '\n'), '\n')
  })

  it('keeps the spaces of text, and takes only the empty text for nothing', () => {
    assert.equal(read(z.string(), ' a '), ' a ')
    assert.equal(read(z.string().optional(), ' '), ' ')
    assert.equal(read(z.string().optional(), ''), undefined)
    assert.equal(read(z.string(), ''), '')
  })

  it('takes spaces for nothing where there is no text', () => {
    assert.equal(read(z.number(), ' '), undefined)
    assert.equal(read(z.date().nullable(), ' '), null)
    assert.equal(read(z.enum(['a']), ' '), undefined)
    assert.equal(read(z.number().or(z.literal('')), ' '), '')
  })

  it('says in a sentence what it cannot read', () => {
    assert.equal(read(z.number(), 'seven'), 'Enter a number.')
    assert.equal(read(z.number(), '1e999'), 'Enter a number.')
    assert.equal(read(z.bigint(), '7.5'), 'Enter a whole number.')
    assert.equal(read(z.date(), 'soon'), 'Enter a date.')
  })

  it('gives a choice that is none to the schema as it is', () => {
    assert.equal(read(z.literal([1, 2]), '2'), 2)
    assert.equal(read(z.literal([1, 2]), '3'), '3')
    assert.deepEqual(read(z.array(z.literal([1, 2])), '1', '', '3'), [1, '3'])
  })

  it('has nothing where nothing was sent', () => {
    assert.equal(read(z.string()), undefined)
    assert.deepEqual(read(z.array(z.enum(['a']))), [])
    assert.equal(read(z.boolean()), false)
  })
})

describe('a box', () => {
  it('is ticked by any text but those that say no; the last of several counts', () => {
    assert.deepEqual([['on'], ['1'], ['yes'], ['0', 'on']].map(isTicked), [true, true, true, true])
    assert.deepEqual([[], [''], ['0'], ['off'], ['FALSE'], ['no'], ['on', '0']].map(isTicked), Array(7).fill(false))
  })
})
