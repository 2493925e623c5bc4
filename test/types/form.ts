// What must compile, and what must not. `npm run check` compiles this file; nothing runs it.
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import { Dewar, type FieldName, type FormView, form, type NamesOf, redirect, type ValuesOf } from '../../src/index.ts'

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
