// What must compile, and what must not. `npm run check` compiles this file; nothing runs it.
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import { Dewar, type FieldName, type FormView, form, type NamesOf, redirect, type ValuesOf } from '../../src/index.ts'
import type { UploadedFile } from '../../src/upload/uploaded-file.ts'

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false

/** Compiles only for `true`. */
function holds<Claim extends true>(..._claims: Claim[]): void {}

const order = z.object({
  name: z.string().trim(),
  qty: z.coerce.number().int(),
  note: z.string().optional(),
  born: z.date().nullable(),
  address: z.object({ city: z.string(), geo: z.object({ lat: z.number() }).optional() }),
  tags: z.array(z.string()),
  items: z.array(z.object({ sku: z.string(), sizes: z.array(z.enum(['s', 'm'])) })),
  length: z.string().transform((text) => text.length),
})

// The names of a form, as a reader sees them: one flat union.
type OrderName =
  | 'name'
  | 'qty'
  | 'note'
  | 'born'
  | 'address'
  | 'address.city'
  | 'address.geo'
  | 'address.geo.lat'
  | 'tags'
  | 'items'
  | `items.${number}`
  | `items.${number}.sku`
  | `items.${number}.sizes`
  | 'length'
holds<Same<NamesOf<typeof order>, OrderName>>()

// What the handler gets, as the schema makes it.
holds<Same<ValuesOf<typeof order>['length'], number>>()
holds<Same<ValuesOf<typeof order>['qty'], number>>()
holds<Same<ValuesOf<typeof order>['born'], Date | null>>()

// Names of other types, of the other libraries, and of types that go on without end.
holds<Same<FieldName<unknown>, string>>()
holds<Same<FieldName<{ a: unknown; b?: boolean | null; c: 'x' | 1; d: bigint }>, 'a' | 'b' | 'c' | 'd'>>()
holds<Same<FieldName<{ a: Record<string, string>; [more: string]: unknown }>, 'a'>>()
holds<Same<FieldName<{ by: 'card'; number: string } | { by: 'bill'; days: number }>, 'by' | 'number' | 'days'>>()
holds<Same<FieldName<{ tags: Set<string>; grid: string[][] }>, 'tags' | 'grid'>>()
const guest = v.object({ username: v.string(), address: v.object({ city: v.string() }) })
holds<Same<NamesOf<typeof guest>, 'username' | 'address' | 'address.city'>>()
const described = toStandardJsonSchema(guest)
holds<Same<NamesOf<typeof described>, 'username' | 'address' | 'address.city'>>()
const person = type({ name: 'string', 'age?': 'number', items: type({ sku: 'string' }).array() })
holds<Same<NamesOf<typeof person>, 'name' | 'age' | 'items' | `items.${number}` | `items.${number}.sku`>>()
holds<Same<ValuesOf<typeof person>['name'], string>>()
interface Tree {
  name: string
  child?: Tree
}
const trunk: FieldName<Tree> = 'child.child.name'

// A file that the schema takes is the one that was posted, wherever it stands; the rest is as the schema has it.
const album = z.object({
  cover: z.file(),
  back: z.file().optional(),
  spine: z.file().nullable(),
  photos: z.array(z.file()),
  artist: z.object({ name: z.string(), portrait: z.file(), born: z.date() }),
  tracks: z.array(z.object({ title: z.string(), sound: z.file().nullish() })),
  kinds: z.set(z.enum(['lp', 'cd'])),
  extra: z.union([z.date(), z.file(), z.boolean()]),
})
interface Album {
  cover: UploadedFile
  back?: UploadedFile | undefined
  spine: UploadedFile | null
  photos: UploadedFile[]
  artist: { name: string; portrait: UploadedFile; born: Date }
  tracks: { title: string; sound?: UploadedFile | null | undefined }[]
  kinds: Set<'lp' | 'cd'>
  extra: Date | UploadedFile | boolean
}
holds<Same<ValuesOf<typeof album>, { [Key in keyof Album]: Album[Key] }>>()
type AlbumName = 'cover' | 'back' | 'spine' | 'photos' | 'artist' | `artist.${'name' | 'portrait' | 'born'}` | 'tracks'
type TrackName = `tracks.${number}` | `tracks.${number}.${'title' | 'sound'}`
holds<Same<NamesOf<typeof album>, AlbumName | TrackName | 'kinds' | 'extra'>>()

const scans = v.object({ scan: v.file(), blob: v.blob(), more: v.optional(v.array(v.file())) })
holds<Same<ValuesOf<typeof scans>['scan' | 'blob'], UploadedFile>>()
holds<Same<ValuesOf<typeof scans>['more'], UploadedFile[] | undefined>>()
const resume = type({ letter: 'File', 'more?': 'File[]', rows: type({ file: 'File | null' }).array() })
holds<Same<ValuesOf<typeof resume>['letter'], UploadedFile>>()
holds<Same<ValuesOf<typeof resume>['rows'], { file: UploadedFile | null }[]>>()
holds<Same<NonNullable<ValuesOf<typeof resume>['more']>, UploadedFile[]>>()

// What the schema makes of a file is the schema's own.
class Picture extends File {
  readonly width: number = 1
}
const made = z.object({
  name: z.file().transform(({ name }) => name),
  picture: z.file().transform((file) => new Picture([file], file.name)),
})
holds<Same<ValuesOf<typeof made>, { name: string; picture: Picture }>>()

// What stands beside a file stays of its class.
class Link {
  readonly #url: string
  constructor(url: string) {
    this.#url = url
  }
  get url(): string {
    return this.#url
  }
}
const linked = z.object({ scan: z.union([z.file(), z.instanceof(Link)]), link: z.instanceof(Link) })
holds<Same<ValuesOf<typeof linked>, { scan: UploadedFile | Link; link: Link }>>()

// A schema without files keeps its type to the letter; nothing is made of types that say nothing, or go on without end.
holds<Same<ValuesOf<typeof order>, z.infer<typeof order>>>()
holds<Same<ValuesOf<typeof guest>, v.InferOutput<typeof guest>>>()
holds<Same<ValuesOf<typeof person>, typeof person.infer>>()
holds<Same<ValuesOf<z.ZodType<unknown>>, unknown>>()
holds<Same<ValuesOf<z.ZodType<Tree>>, Tree>>()
interface Folder {
  photo: File
  child?: Folder
}
holds<Same<NonNullable<NonNullable<ValuesOf<z.ZodType<Folder>>['child']>['child']>['photo'], UploadedFile>>()

// What an author says about fields, by name; of every place in a list at once.
const orderForm = form(order, {
  button: 'Order',
  fields: { name: { label: 'Your name' }, address: { label: 'Where' }, 'items.*.sku': { hint: 'On the box.' } },
  order: ['name', 'items', 'address.city'],
})
// @ts-expect-error there is no field of that name
form(order, { fields: { nmae: {} } })
// @ts-expect-error options are for every place in a list
form(order, { fields: { 'items.x.sku': {} } })
// @ts-expect-error there is no such option
form(order, { fields: { name: { lable: 'Name' } } })
// @ts-expect-error there is no field of that name
form(order, { order: ['nmae'] })
// @ts-expect-error a form is sent with post or get
form(order, { method: 'put' })
// @ts-expect-error that is no schema
form({ parse: () => 1 })

const app = new Dewar()

app.form('/order', orderForm, {
  view: ({ form }) => {
    form.field('address.city', { class: 'wide', 'data-x': 1, disabled: false })
    form.field('items.0.sku')
    form.control('items.3.sizes')
    form.error('tags')
    const text: string = form.value('qty')
    // @ts-expect-error there is no field of that name
    form.field('adress.city')
    // @ts-expect-error a place in a list is a number
    form.field('items.first.sku')
    // @ts-expect-error there is no field of that name
    form.error('items.0.price')
    // @ts-expect-error there is no field of that name
    form.value('city')
    // @ts-expect-error the id of a control is the form's own
    form.field('name', { id: 'mine' })
    return form.fill({ name: text })
  },
  submit: ({ data, invalid }) => {
    const qty: number = data.qty
    const lengths: number = data.length
    const sizes: ('s' | 'm')[] | undefined = data.items[0]?.sizes
    // @ts-expect-error a name is text
    const name: number = data.name
    // @ts-expect-error it may be null
    data.born.getTime()
    // @ts-expect-error the schema has no such property
    data.price
    if (qty > 9) return invalid({ qty: 'is too much', 'items.0.sku': 'is sold out' })
    if (lengths > 9) return invalid('The shop is closed.')
    // @ts-expect-error there is no field of that name
    if (name > 9) return invalid({ quantity: 'is too much' })
    return redirect(`/thanks/${sizes?.length}`)
  },
})

app.post('/album', form(album, { fields: { cover: { accept: 'image/*' } } }), async ({ data }) => {
  await data.cover.moveTo(`covers/${data.cover.safeName}`)
  await data.tracks[0]?.sound?.moveTo('sounds/1')
  const sums: string[] = data.photos.map(({ sha256 }) => sha256)
  // @ts-expect-error it may be missing
  await data.back.moveTo('back')
  // @ts-expect-error it is one file
  data.cover.map(String)
  // @ts-expect-error a date goes nowhere
  await data.artist.born.moveTo('born')
  return sums
})
// @ts-expect-error what a browser offers is one text
form(album, { fields: { cover: { accept: ['image/*'] } } })

const search = form(z.object({ q: z.string(), page: z.number().default(1) }), { method: 'get' })

app.get('/search', search, ({ data, form }) => {
  // @ts-expect-error on the first showing there are no values
  data.q
  const page: number | undefined = data?.page
  return form.fill({ page })
})
// @ts-expect-error what is asked for with get is not done with post
app.post('/search', search, () => 'done')
// @ts-expect-error a search form has no submit handler
app.form('/search', search, { view: ({ form }) => form, submit: () => 'done' })
// @ts-expect-error what is sent with post is no search
app.get('/order', orderForm, ({ form }) => form)

const shown = {} as FormView<'name' | 'qty'>
const general: FormView = shown
export const used: unknown[] = [trunk, general]
