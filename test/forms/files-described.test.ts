import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import { findField } from '../../src/form/field.ts'
import { form } from '../../src/form/form.ts'
import { type FileDemand, fileLibraries } from './file-schemas.ts'
import { schemaOf } from './support.ts'

interface Known {
  readonly kind: 'file' | 'files'
  readonly maxBytes?: number
  readonly accept?: string
  readonly required?: true
  readonly blank?: 'null'
}

/** What a form knows of its file field. */
function knownOf(schema: StandardSchemaV1, name: string, options: object = {}): Known {
  const field = findField(form(schema, options).fields ?? [], name)
  assert.ok(field)
  const { kind, control, maxBytes, types, blank, constraints } = field
  assert.equal(control, 'file')
  assert.ok(kind === 'file' || kind === 'files')
  assert.equal(constraints.multiple, kind === 'files' ? true : undefined)
  const accept = [...types].sort().join()
  if (typeof constraints.accept === 'string') assert.equal(constraints.accept.split(',').sort().join(), accept)
  return {
    kind,
    ...(maxBytes !== null && { maxBytes }),
    ...(accept !== '' && { accept }),
    ...(constraints.required === true && { required: true }),
    ...(blank === 'null' && { blank }),
  }
}

const demands: Readonly<Record<FileDemand, readonly [name: string, known: Known]>> = {
  'a file': ['photo', { kind: 'file', required: true }],
  'a file that may be missing': ['photo', { kind: 'file' }],
  'a file or null': ['photo', { kind: 'file', blank: 'null' }],
  'png or jpeg of at most 1000 bytes': [
    'photo',
    { kind: 'file', maxBytes: 1000, accept: 'image/jpeg,image/png', required: true },
  ],
  files: ['photos', { kind: 'files' }],
  'at least one file': ['photos', { kind: 'files', required: true }],
  'files of at most 1000 bytes': ['photos', { kind: 'files', maxBytes: 1000 }],
  'an album that may be missing': ['album.photo', { kind: 'file' }],
  rows: ['items.*.photo', { kind: 'file' }],
}

for (const { name: library, schemas } of fileLibraries) {
  describe(`a form of ${library} knows its file fields:`, () => {
    for (const [demand, [name, known]] of Object.entries(demands)) {
      it(demand, () => {
        assert.deepEqual(knownOf(schemas[demand as FileDemand], name), known)
      })
    }
  })
}

describe('a schema of a file', () => {
  const ways: Record<string, [schema: StandardSchemaV1, known: Known]> = {
    'as a class, of zod': [z.object({ photo: z.instanceof(File) }), { kind: 'file', required: true }],
    'as a class with checks, of zod': [
      z.object({
        photo: z
          .instanceof(File)
          .refine((file) => file.size < 9)
          .describe('Small'),
      }),
      { kind: 'file', required: true },
    ],
    'as a class, in a list, of zod': [z.object({ photo: z.array(z.instanceof(File)) }), { kind: 'files' }],
    'with a title and a transformation, of zod': [
      z.object({
        photo: z
          .file()
          .max(9)
          .meta({ title: 'T' })
          .transform(({ name }) => name),
      }),
      { kind: 'file', maxBytes: 9, required: true },
    ],
    'that is preprocessed, of zod': [
      z.object({ photo: z.preprocess((file) => file, z.file().max(9)) }),
      { kind: 'file', maxBytes: 9 },
    ],
    'with a default, of zod': [z.object({ photo: z.file().default(new File([], 'none')) }), { kind: 'file' }],
    'of one media type, of zod': [
      z.object({ photo: z.file().mime('image/png').optional() }),
      { kind: 'file', accept: 'image/png' },
    ],
    'of one kind or another, of zod': [
      z.object({ photo: z.union([z.file().mime('image/png').max(9), z.file().mime('image/gif').max(7)]) }),
      { kind: 'file', maxBytes: 9, accept: 'image/gif,image/png', required: true },
    ],
    'of one kind or any, of zod': [
      z.object({ photo: z.union([z.file().mime('image/png').max(9), z.file()]) }),
      { kind: 'file', required: true },
    ],
    'or the empty text, of zod': [z.object({ photo: z.union([z.file(), z.literal('')]) }), { kind: 'file' }],
    'as a blob, of valibot': [
      toStandardJsonSchema(v.object({ photo: v.pipe(v.blob(), v.maxSize(9)) })),
      { kind: 'file', maxBytes: 9, required: true },
    ],
    'as a class, of valibot': [
      toStandardJsonSchema(v.object({ photo: v.instance(File) })),
      { kind: 'file', required: true },
    ],
    'with two limits and an exact size, of valibot': [
      toStandardJsonSchema(v.object({ photo: v.pipe(v.file(), v.maxSize(9), v.maxSize(7), v.size(8)) })),
      { kind: 'file', maxBytes: 7, required: true },
    ],
    'of one kind or another, of valibot': [
      toStandardJsonSchema(
        v.object({
          photo: v.union([v.pipe(v.file(), v.mimeType(['image/png'])), v.pipe(v.file(), v.mimeType(['image/gif']))]),
        }),
      ),
      { kind: 'file', accept: 'image/gif,image/png', required: true },
    ],
    'or null or nothing, of valibot': [
      toStandardJsonSchema(v.object({ photo: v.nullish(v.file()) })),
      { kind: 'file', blank: 'null' },
    ],
    'of an exact size, of valibot': [
      toStandardJsonSchema(v.object({ photo: v.pipe(v.file(), v.size(8)) })),
      { kind: 'file', maxBytes: 8, required: true },
    ],
    'as a class, of arktype': [type({ photo: type.instanceOf(File) }), { kind: 'file', required: true }],
    'as a blob, of arktype': [type({ photo: 'Blob' }), { kind: 'file', required: true }],
    'with a check, of arktype': [
      type({ photo: type('File').narrow(({ size }) => size > 0) }),
      { kind: 'file', required: true },
    ],
    'smaller than so much, of arktype': [
      type({ photo: type('File').and({ size: 'number < 1000', name: 'string > 3' }) }),
      { kind: 'file', maxBytes: 999, required: true },
    ],
    'of a named type, of arktype': [
      type({ photo: type('File').and({ type: "'image/png'" }).or('undefined') }),
      { kind: 'file', accept: 'image/png' },
    ],
    'in the words of JSON Schema, of another library': [
      schemaOf(
        (value) => ({ value }),
        () => ({
          type: 'object',
          properties: { photo: { type: 'string', format: 'binary', maxLength: 9, contentMediaType: 'image/png' } },
          required: ['photo'],
        }),
      ),
      { kind: 'file', maxBytes: 9, accept: 'image/png', required: true },
    ],
  }
  for (const [way, [schema, known]] of Object.entries(ways)) {
    it(`may be one ${way}`, () => {
      assert.deepEqual(knownOf(schema, 'photo'), known)
    })
  }
})

describe('what the author says of a file field', () => {
  const says = (photo: object) => ({ fields: { photo } })

  it('is what the browser offers, in place of what the schema takes', () => {
    const photo = z.file().mime('image/png')
    const [field] = form(z.object({ photo }), { fields: { photo: { accept: 'image/*,.pdf' } } }).fields ?? []
    assert.equal(field?.constraints.accept, 'image/*,.pdf')
    assert.deepEqual(field?.types, ['image/png'])
  })

  it('makes a file field of a property about which the schema says nothing', () => {
    const file = z.custom<File>((value) => value instanceof File)
    const own = { fields: { photo: { control: 'file' } } } as const
    assert.deepEqual(knownOf(z.object({ photo: file }), 'photo', own), { kind: 'file', required: true })
    assert.deepEqual(knownOf(z.object({ photo: z.array(file) }), 'photo', own), { kind: 'files' })
  })

  it('makes one of a name of a schema that does not describe itself', () => {
    const schema = schemaOf((value) => ({ value }))
    assert.deepEqual(knownOf(schema, 'photo', says({ control: 'file' })), { kind: 'file' })
    assert.deepEqual(knownOf(schema, 'photo', says({ control: 'file', required: true })), {
      kind: 'file',
      required: true,
    })
    assert.deepEqual(knownOf(schema, 'photo', says({ control: 'file', multiple: true })), { kind: 'files' })
    const all = says({ control: 'file', multiple: true, required: true })
    assert.deepEqual(knownOf(schema, 'photo', all), { kind: 'files', required: true })
    const rows = { fields: { 'items.*.photo': { control: 'file' } } }
    assert.deepEqual(knownOf(schema, 'items.3.photo', rows), { kind: 'file' })
  })

  it('is its label and hint, else those of the schema', () => {
    const photo = z.file().describe('At most 5 MB.')
    const [one] = form(z.object({ photo })).fields ?? []
    const [other] = form(z.object({ photo }), { fields: { photo: { label: 'Your photo', hint: '' } } }).fields ?? []
    assert.deepEqual([one?.label, one?.hint, other?.label, other?.hint], ['Photo', 'At most 5 MB.', 'Your photo', ''])
  })
})

describe('a form', () => {
  const schema = z.object({
    note: z.string(),
    photo: z.file().max(9),
    photos: z.array(z.file().max(7)),
    items: z.array(z.object({ sku: z.string(), photo: z.file().max(5) })),
  })

  it('says which file field is posted under a name, and its limit', () => {
    const shown = form(schema)
    const limitOf = (name: string) => shown.fileField(name)?.maxBytes
    assert.deepEqual(['photo', 'photos', 'items.0.photo', 'items.27.photo'].map(limitOf), [9, 7, 5, 5])
    assert.deepEqual(
      ['note', 'items', 'items.0', 'items.0.sku', 'items.*.photo', 'items.x.photo', 'photo.0', ''].map(limitOf),
      Array(8).fill(undefined),
    )
  })

  it('says whether it takes files, at any depth', () => {
    const takesFiles = (each: StandardSchemaV1) => form(each).takesFiles
    assert.equal(takesFiles(z.object({ note: z.string() })), false)
    assert.equal(takesFiles(schemaOf((value) => ({ value }))), false)
    for (const { schemas } of fileLibraries) {
      assert.deepEqual(
        Object.values(schemas).map(takesFiles),
        Object.values(schemas).map(() => true),
      )
    }
  })
})
