import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { scope, type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import { form } from '../../src/index.ts'

describe('a schema that no form can ask for is refused when the form is made', () => {
  const Tree: z.ZodType = z.object({
    name: z.string(),
    get child() {
      return Tree.optional()
    },
  })
  const Thread: z.ZodType = z.object({
    text: z.string(),
    get replies() {
      return z.array(Thread)
    },
  })
  const Folder: v.GenericSchema = v.object({ name: v.string(), child: v.optional(v.lazy(() => Folder)) })
  const { node } = scope({ node: { name: 'string', 'child?': 'node' } }).export()
  const refused: Record<string, [schema: StandardSchemaV1, code: RegExp]> = {
    'one that contains itself, of zod': [Tree, /below child\.child\.child go more than 12 deep.*form\/field-refused/],
    'one that contains itself, deeper down': [
      z.object({ tree: Tree }),
      /below tree\.child\.child.*form\/field-refused/,
    ],
    'one that contains lists of itself': [Thread, /form\/field-refused/],
    'one that contains itself, of valibot': [toStandardJsonSchema(Folder), /form\/field-refused/],
    'one that contains itself, of arktype': [node as unknown as StandardSchemaV1, /form\/field-refused/],
    'a tuple': [z.object({ at: z.tuple([z.string(), z.number()]) }), /The field at is a tuple, .*form\/field-refused/],
    'a set': [z.object({ tags: z.set(z.string()) }), /The field tags is .*form\/field-refused/],
    'a map, of valibot': [toStandardJsonSchema(v.object({ m: v.map(v.string(), v.string()) })), /form\/field-refused/],
    'a set, of arktype': [type({ tags: 'Set' }), /form\/field-refused/],
    'a list of lists': [
      z.object({ grid: z.array(z.array(z.string())) }),
      /grid is a list of lists.*form\/field-refused/,
    ],
    'a list of lists of files': [z.object({ grid: z.array(z.array(z.file())) }), /grid is a list of lists/],
    'a file, of zod': [z.file(), /this schema is of a file.*form\/schema-invalid/],
    'a file, of valibot': [toStandardJsonSchema(v.file()), /this schema is of a file.*form\/schema-invalid/],
    'a file, of arktype': [type('File').and({ size: 'number < 9' }), /this schema is of a file.*form\/schema-invalid/],
    'a text': [z.string(), /this schema is of type string.*form\/schema-invalid/],
    'a list': [z.array(z.string()), /of type array.*form\/schema-invalid/],
    nothing: [undefined as never, /form\/schema-invalid/],
    'something else': [{ parse: () => 1 } as never, /form\/schema-invalid/],
  }
  for (const [what, [schema, code]] of Object.entries(refused)) {
    it(what, () => {
      assert.throws(() => form(schema), code)
    })
  }

  it('an option about a field that it does not have', () => {
    const options = { fields: { nmae: { label: 'Name' } } } as never
    assert.throws(
      () => form(z.object({ name: z.string() }), options),
      /no field nmae; it has name\..*form\/field-unknown/,
    )
  })

  it('an option that there is not, of the form and of a field', () => {
    const schema = z.object({ name: z.string() })
    assert.throws(() => form(schema, { buton: 'Go' } as never), /form has no option buton; it has method, button/)
    assert.throws(
      () => form(schema, { fields: { name: { lable: 'Name' } } } as never),
      /form: fields\.name has no option lable; it has label, hint, .*app\/option-invalid/,
    )
  })

  it('a select without anything to choose from', () => {
    const options = { fields: { name: { control: 'select' } } } as const
    assert.throws(
      () => form(z.object({ name: z.string() }), options),
      /name has nothing to choose from.*form\/field-refused/,
    )
  })

  it('a file with another control, and a file input for something that is no file', () => {
    const refusal = (schema: z.ZodType, control: string) => {
      const options = { fields: { value: { control } } } as never
      assert.throws(
        () => form(z.object({ value: schema }), options),
        /The field value(?:\.\*)? is a .*form\/field-refused/,
      )
    }
    for (const control of ['text', 'hidden', 'textarea', 'password']) refusal(z.file(), control)
    refusal(z.array(z.file()), 'text')
    for (const schema of [z.number(), z.boolean(), z.date(), z.bigint(), z.enum(['a']), z.array(z.number())]) {
      refusal(schema, 'file')
    }
  })

  it('a file in a form that is sent with get, at any depth', () => {
    const get = { method: 'get' } as const
    const schemas = {
      photo: z.object({ photo: z.file() }),
      photos: z.object({ photos: z.array(z.file()) }),
      'album.photo': z.object({ album: z.object({ photo: z.file().optional() }) }),
      'items.*.photo': z.object({ items: z.array(z.object({ photo: z.file() })) }),
    }
    for (const [name, schema] of Object.entries(schemas)) {
      const told = `A get form cannot hold the file ${name}: only its name would be sent.`
      assert.throws(
        () => form(schema, get),
        ({ message, code }) => message.includes(told) && code === 'form/field-refused',
      )
    }
    const own = { method: 'get', fields: { scan: { control: 'file' } } } as const
    assert.throws(() => form(z.object({ scan: z.any() }), own), /cannot hold the file scan/)
  })

  it('a password in a form that is sent with get, at any depth', () => {
    const get = { method: 'get' } as const
    assert.throws(
      () => form(z.object({ password: z.string() }), get),
      /cannot hold the password password.*form\/field-refused/,
    )
    assert.throws(() => form(z.object({ login: z.object({ password: z.string() }) }), get), /password login\.password/)
    const hidden = { method: 'get', fields: { pin: { control: 'password' } } } as const
    assert.throws(() => form(z.object({ pin: z.string() }), hidden), /cannot hold the password pin/)
  })
})
