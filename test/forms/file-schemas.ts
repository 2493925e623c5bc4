import type { StandardSchemaV1 } from '@standard-schema/spec'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'

/** The same demands about files, said in each of the three libraries. Each schema is an object. */
export interface FileLibrary {
  readonly name: string
  readonly schemas: Readonly<Record<FileDemand, StandardSchemaV1>>
}

/** What a schema demands. Its property is `photo`, `photos`, `album.photo` or `items.*.photo`. */
export type FileDemand =
  | 'a file'
  | 'a file that may be missing'
  | 'a file or null'
  | 'png or jpeg of at most 1000 bytes'
  | 'files'
  | 'at least one file'
  | 'files of at most 1000 bytes'
  | 'an album that may be missing'
  | 'rows'

const zod: FileLibrary = {
  name: 'zod',
  schemas: {
    'a file': z.object({ photo: z.file() }),
    'a file that may be missing': z.object({ photo: z.file().optional() }),
    'a file or null': z.object({ photo: z.file().nullable() }),
    'png or jpeg of at most 1000 bytes': z.object({ photo: z.file().mime(['image/png', 'image/jpeg']).max(1000) }),
    files: z.object({ photos: z.array(z.file()) }),
    'at least one file': z.object({ photos: z.array(z.file()).min(1) }),
    'files of at most 1000 bytes': z.object({ photos: z.array(z.file().max(1000)) }),
    'an album that may be missing': z.object({ album: z.object({ title: z.string(), photo: z.file() }).optional() }),
    rows: z.object({ items: z.array(z.object({ sku: z.string(), photo: z.file() })) }),
  },
}

const valibot: FileLibrary = {
  name: 'valibot',
  schemas: {
    'a file': toStandardJsonSchema(v.object({ photo: v.file() })),
    'a file that may be missing': toStandardJsonSchema(v.object({ photo: v.optional(v.file()) })),
    'a file or null': toStandardJsonSchema(v.object({ photo: v.nullable(v.file()) })),
    'png or jpeg of at most 1000 bytes': toStandardJsonSchema(
      v.object({ photo: v.pipe(v.file(), v.mimeType(['image/png', 'image/jpeg']), v.maxSize(1000)) }),
    ),
    files: toStandardJsonSchema(v.object({ photos: v.array(v.file()) })),
    'at least one file': toStandardJsonSchema(v.object({ photos: v.pipe(v.array(v.file()), v.nonEmpty()) })),
    'files of at most 1000 bytes': toStandardJsonSchema(
      v.object({ photos: v.array(v.pipe(v.file(), v.maxSize(1000))) }),
    ),
    'an album that may be missing': toStandardJsonSchema(
      v.object({ album: v.optional(v.object({ title: v.string(), photo: v.file() })) }),
    ),
    rows: toStandardJsonSchema(v.object({ items: v.array(v.object({ sku: v.string(), photo: v.file() })) })),
  },
}

const picture = type('File').and({ size: 'number <= 1000', type: "'image/png' | 'image/jpeg'" })

const arktype: FileLibrary = {
  name: 'arktype',
  schemas: {
    'a file': type({ photo: 'File' }),
    'a file that may be missing': type({ 'photo?': 'File' }),
    'a file or null': type({ photo: 'File | null' }),
    'png or jpeg of at most 1000 bytes': type({ photo: picture }),
    files: type({ photos: 'File[]' }),
    'at least one file': type({ photos: 'File[] >= 1' }),
    'files of at most 1000 bytes': type({
      photos: type('File').and({ size: 'number <= 1000' }).array(),
    }),
    'an album that may be missing': type({ 'album?': { title: 'string', photo: 'File' } }),
    rows: type({ items: type({ sku: 'string', photo: 'File' }).array() }),
  },
}

/** zod, valibot and arktype. */
export const fileLibraries: readonly FileLibrary[] = [zod, valibot, arktype]

/** A file of as many bytes, for tests. */
export function fileOf(name: string, bytes = 3, type = 'image/png'): File {
  return new File([new Uint8Array(bytes)], name, { type })
}
