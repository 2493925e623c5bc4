import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import type { CutFile } from '../../src/form/cut-file.ts'
import type { FileEntry } from '../../src/form/file-entry.ts'
import { form } from '../../src/form/form.ts'
import type { Submission } from '../../src/form/submission.ts'
import { type FileDemand, fileLibraries, fileOf } from './file-schemas.ts'
import { schemaOf } from './support.ts'

/** What a form gives for texts such as `sku=1&sku=2` and files. */
interface Read {
  readonly values: unknown
  readonly errors: Readonly<Record<string, readonly string[]>>
  readonly submission: Submission
}

async function read(schema: StandardSchemaV1, texts: string, files: readonly FileEntry[], options = {}): Promise<Read> {
  const shown = form(schema, options)
  const submission = shown.read(new URLSearchParams(texts), files)
  const checked = await shown.check(submission)
  if (checked.kind === 'valid') return { values: checked.values, errors: {}, submission }
  const byName = Object.groupBy(checked.issues, ({ name }) => name)
  const told = Object.entries(byName).map(
    ([name, issues = []]) => [name, issues.map(({ message }) => message)] as const,
  )
  return { values: undefined, errors: Object.fromEntries(told), submission }
}

/** Fails unless the values are what they should be, and each file in them is the very one. */
function assertSame(actual: unknown, expected: unknown): void {
  if (!isObject(expected) || !isObject(actual) || expected instanceof File) assert.equal(actual, expected)
  else {
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort())
    for (const [key, value] of Object.entries(expected)) assertSame(actual[key as never], value)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

const [first, second, third] = [fileOf('1.png'), fileOf('2.png'), fileOf('3.png')]
const nothing = new File([], '', { type: 'application/octet-stream' })
const cut: CutFile = { kind: 'cut', name: 'huge.png', maxBytes: 5 * 1024 * 1024 }

/** What is posted, and the values that come of it. `refused` stands for issues about the field named. */
type Case = readonly [texts: string, files: readonly FileEntry[], values: unknown]

interface Refused {
  readonly refused: string
}

const photo = { refused: 'photo' } satisfies Refused
const photos = { refused: 'photos' } satisfies Refused

const stories: Readonly<Record<FileDemand, readonly Case[]>> = {
  'a file': [
    ['', [['photo', first]], { photo: first }],
    [
      '',
      [
        ['photo', nothing],
        ['photo', first],
      ],
      { photo: first },
    ],
    ['photo=text', [['photo', first]], { photo: first }],
    ['', [['photo', fileOf('', 1)]], 'taken'],
    ['', [['photo', fileOf('empty.txt', 0)]], 'taken'],
    ['', [], photo],
    ['', [['photo', nothing]], photo],
    ['photo=text', [], photo],
    [
      '',
      [
        ['photos', first],
        ['photo.0', first],
      ],
      photo,
    ],
    [
      '',
      [
        ['photo', first],
        ['photo', second],
      ],
      photo,
    ],
    ['', [['photo', cut]], photo],
  ],
  'a file that may be missing': [
    ['', [['photo', first]], { photo: first }],
    ['', [], {}],
    ['', [['photo', nothing]], {}],
    ['photo=text', [], {}],
    ['', [['photo', cut]], photo],
  ],
  'a file or null': [
    ['', [['photo', first]], { photo: first }],
    ['', [], { photo: null }],
    ['photo=', [['photo', nothing]], { photo: null }],
    ['', [['photo', cut]], photo],
  ],
  'png or jpeg of at most 1000 bytes': [
    ['', [['photo', first]], { photo: first }],
    ['', [['photo', fileOf('x.png', 1001)]], photo],
    ['', [['photo', fileOf('x.gif', 1, 'image/gif')]], photo],
  ],
  files: [
    [
      '',
      [
        ['photos', first],
        ['photos', second],
      ],
      { photos: [first, second] },
    ],
    ['', [['photos', first]], { photos: [first] }],
    ['', [['photos', nothing]], { photos: [] }],
    ['photos=text', [], { photos: [] }],
    ['', [], { photos: [] }],
    [
      '',
      [
        ['photos', first],
        ['photos', cut],
      ],
      photos,
    ],
  ],
  'at least one file': [
    ['', [['photos', first]], { photos: [first] }],
    ['', [['photos', nothing]], photos],
    ['', [['photos', cut]], photos],
  ],
  'files of at most 1000 bytes': [
    [
      '',
      [
        ['photos', first],
        ['photos', second],
      ],
      { photos: [first, second] },
    ],
    [
      '',
      [
        ['photos', first],
        ['photos', fileOf('x.png', 1001)],
      ],
      { refused: 'photos.1' },
    ],
  ],
  'an album that may be missing': [
    ['album.title=Sea', [['album.photo', first]], { album: { title: 'Sea', photo: first } }],
    ['', [['album.photo', first]], { refused: 'album.title' }],
    ['album.title=Sea', [['album.photo', nothing]], { refused: 'album.photo' }],
    ['album.title=', [['album.photo', nothing]], {}],
  ],
  rows: [
    [
      'items.0.sku=a&items.1.sku=&items.2.sku=&items.7.sku=d',
      [
        ['items.7.photo', third],
        ['items.0.photo', first],
        ['items.1.photo', nothing],
        ['items.2.photo', second],
      ],
      {
        items: [
          { sku: 'a', photo: first },
          { sku: '', photo: second },
          { sku: 'd', photo: third },
        ],
      },
    ],
    ['items.0.sku=', [['items.0.photo', nothing]], { items: [] }],
    ['items.0.sku=a', [], { refused: 'items.0.photo' }],
    ['items.0.sku=&items.4.sku=a', [['items.0.photo', nothing]], { refused: 'items.0.photo' }],
    ['items.4.sku=a', [['items.4.photo', cut]], { refused: 'items.0.photo' }],
  ],
}

for (const { name: library, schemas } of fileLibraries) {
  describe(`a form of ${library} reads`, () => {
    for (const [demand, cases] of Object.entries(stories)) {
      it(demand, async () => {
        for (const [texts, files, expected] of cases) {
          const told = `${texts} ${files.map(([name, file]) => `${name}=${file.name}`)}`
          const { values, errors } = await read(schemas[demand as FileDemand], texts, files)
          if (expected === 'taken') assert.deepEqual(errors, {}, told)
          else if (isRefusal(expected)) assert.deepEqual(Object.keys(errors), [expected.refused], told)
          else assertSame(values, expected)
        }
      })
    }
  })
}

function isRefusal(expected: unknown): expected is Refused {
  return typeof expected === 'object' && expected !== null && 'refused' in expected
}

describe('a file that was cut', () => {
  it('is told in one sentence, and what the schema says of the field is not', async () => {
    for (const { schemas } of fileLibraries) {
      const { errors } = await read(schemas['a file'], '', [['photo', cut]])
      assert.deepEqual(errors, { photo: ['huge.png is larger than 5 MB. Choose a smaller file.'] })
      const ofList = await read(schemas['at least one file'], '', [['photos', cut]])
      assert.deepEqual(ofList.errors, { photos: ['huge.png is larger than 5 MB. Choose a smaller file.'] })
    }
  })

  it('leaves what is wrong with other fields to the schema', async () => {
    const schema = z.object({ photo: z.file(), name: z.string().min(1, 'Who?') })
    const { errors } = await read(schema, 'name=', [['photo', cut]])
    assert.deepEqual(errors, { photo: ['huge.png is larger than 5 MB. Choose a smaller file.'], name: ['Who?'] })
  })

  it('gives the schema no value, and leaves the others of a list', async () => {
    const { submission } = await read(z.object({ photo: z.any(), photos: z.any() }), '', [], {})
    assert.deepEqual(Object.keys(submission.input), [])
    const both = z.object({ photo: z.file().nullable(), photos: z.array(z.file()) })
    const files: FileEntry[] = [
      ['photo', cut],
      ['photos', first],
      ['photos', cut],
      ['photos', second],
    ]
    assertSame((await read(both, '', files)).submission.input, { photos: [first, second] })
  })

  it('is named without what turns its name around', async () => {
    const file: CutFile = { kind: 'cut', name: 'photo\u202Egnp.exe', maxBytes: 100 }
    const { errors } = await read(z.object({ photo: z.file() }), '', [['photo', file]])
    assert.deepEqual(errors.photo, ['photo\uFFFDgnp.exe is larger than 100 bytes. Choose a smaller file.'])
  })

  it('keeps the row of a list in which nothing else is filled in', async () => {
    const [{ schemas } = { schemas: null }] = fileLibraries
    assert.ok(schemas)
    const { submission } = await read(schemas.rows, 'items.0.sku=&items.1.sku=', [['items.1.photo', cut]])
    assert.deepEqual([...submission.typed.keys()], ['items.0.sku', 'items.0.photo'])
  })
})

describe('more than one file in a field of one file', () => {
  it('is told, and none of them is forgotten', async () => {
    const { errors, submission } = await read(z.object({ photo: z.file() }), '', [
      ['photo', first],
      ['photo', second],
    ])
    assert.deepEqual(errors, { photo: ['Choose one file.'] })
    assertSame([...submission.files], [['photo', [first, second]]])
  })

  it('is not told of one that stays beside one that was cut', async () => {
    const { errors } = await read(z.object({ photo: z.file() }), '', [
      ['photo', first],
      ['photo', cut],
    ])
    assert.deepEqual(errors, { photo: ['huge.png is larger than 5 MB. Choose a smaller file.'] })
  })
})

describe('texts and files of one form', () => {
  const schema = z.object({ note: z.string(), notes: z.array(z.string()), photo: z.file().optional() })

  it('never take each other’s place', async () => {
    const files: FileEntry[] = [
      ['note', first],
      ['notes', first],
      ['other', first],
      ['_kept.photo', first],
    ]
    const { values, submission } = await read(schema, 'note=a&notes=b&photo=c&_kept.photo=d', files)
    assertSame(values, { note: 'a', notes: ['b'] })
    assert.deepEqual([...submission.files], [])
    assert.deepEqual(
      [...submission.typed],
      [
        ['note', ['a']],
        ['notes', ['b']],
      ],
    )
  })

  it('never make a person’s file into text', async () => {
    const { errors } = await read(z.object({ note: z.string().min(1, 'What?') }), '', [['note', first]])
    assert.deepEqual(Object.keys(errors), ['note'])
  })
})

describe('the files of a submission', () => {
  it('are named as the form is shown again: empty rows are left out', async () => {
    const schema = z.object({
      cover: z.file(),
      items: z.array(z.object({ sku: z.string().min(9), photo: z.file().optional(), scans: z.array(z.file()) })),
    })
    const texts = 'items.0.sku=&items.3.sku=x&items.5.sku='
    const files: FileEntry[] = [
      ['items.3.photo', first],
      ['cover', third],
      ['items.5.scans', second],
      ['items.5.scans', cut],
    ]
    const { submission } = await read(schema, texts, files)
    assertSame(
      [...submission.files],
      [
        ['cover', [third]],
        ['items.0.photo', [first]],
        ['items.1.scans', [second]],
      ],
    )
  })

  it('are none of those whose name begins with _', async () => {
    const { values, submission } = await read(z.object({ _proof: z.file() }), '', [['_proof', first]])
    assertSame(values, { _proof: first })
    assert.deepEqual([...submission.files], [])
  })
})

describe('the issues of a schema about a file', () => {
  it('are about its control, also when they are about its size', async () => {
    const small = type('File').and({ size: 'number < 2', type: "'image/gif'" })
    const { errors } = await read(type({ photo: small, photos: small.array() }), '', [
      ['photo', first],
      ['photos', fileOf('x', 1, 'image/gif')],
      ['photos', second],
    ])
    assert.deepEqual(
      Object.entries(errors)
        .map(([name, all]) => [name, all.length])
        .sort(),
      [
        ['photo', 2],
        ['photos.1', 2],
      ],
    )
  })
})

describe('a form whose schema does not describe itself', () => {
  const anything = schemaOf((value) => ({ value }))

  it('gives each name its texts and files', async () => {
    const { values } = await read(anything, 'note=a&mixed=b', [
      ['photo', first],
      ['photos', first],
      ['photos', second],
      ['mixed', third],
      ['none', nothing],
      ['_kept.x', first],
    ])
    assertSame({ ...(values as object) }, { note: 'a', mixed: ['b', third], photo: first, photos: [first, second] })
  })

  it('gives no name a meaning', async () => {
    const files: FileEntry[] = [
      ['constructor', first],
      ['__proto__', first],
      ['a.b', first],
    ]
    const { values } = await read(anything, '', files)
    assert.deepEqual(Object.keys(values as object), ['constructor', 'a.b'])
    assert.equal(Object.getPrototypeOf(values), null)
  })

  it('tells of a file that was cut, and leaves it out', async () => {
    const { errors, submission } = await read(anything, '', [['photo', cut]])
    assert.deepEqual(errors, { photo: ['huge.png is larger than 5 MB. Choose a smaller file.'] })
    assert.deepEqual(Object.keys(submission.input), [])
  })

  it('takes files alone where the author says so', async () => {
    const fields = { photo: { control: 'file' }, photos: { control: 'file', multiple: true }, note: {} }
    const { values } = await read(
      anything,
      'note=a&photo=b&photos=c',
      [
        ['photos', first],
        ['note', second],
      ],
      { fields },
    )
    assertSame(values, { photos: [first], note: 'a' })
    assertSame((await read(anything, '', [['photo', first]], { fields })).values, { photo: first, photos: [] })
  })
})

describe('a schema that looks at the file first', () => {
  it('gets no value where none was chosen', async () => {
    const seen: unknown[] = []
    const photo = z.preprocess((file) => {
      seen.push(file)
      return file ?? second
    }, z.file())
    assertSame((await read(z.object({ photo }), 'photo=x', [['photo', nothing]])).values, { photo: second })
    assertSame((await read(z.object({ photo }), '', [['photo', first]])).values, { photo: first })
    assertSame(seen, [undefined, first])
  })
})

describe('a schema that takes the empty text for no file', () => {
  it('gets it, of zod, valibot and arktype', async () => {
    const schemas: StandardSchemaV1[] = [
      z.object({ photo: z.union([z.file(), z.literal('')]) }),
      toStandardJsonSchema(v.object({ photo: v.union([v.file(), v.literal('')]) })),
      type({ photo: "File | ''" }),
    ]
    for (const schema of schemas) assertSame((await read(schema, '', [])).values, { photo: '' })
  })
})
