import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { UploadedFile } from '../upload/uploaded-file.ts'

/**
 * The names that the parts of a form can have, from the type of what its schema takes: `username`; `address` and
 * `address.city` for an object in an object; `items`, `items.0` and `items.0.sku` for objects in a list. A list of
 * plain values has one name, posted as often as it has values. Names are known nine deep.
 */
export type FieldName<Input> = unknown extends Input ? string : NamesIn<Input, 8>

/** The same names as options know them: `items.*.sku` in place of `items.0.sku`. */
export type OptionName<Name extends string> = Name extends `${infer Before}.${number}.${infer After}`
  ? `${Before}.*.${OptionName<After>}`
  : Name extends `${infer Before}.${number}`
    ? `${Before}.*`
    : Name

// Of a union, the names of all its branches.
type NamesIn<Input, Depth extends number> = Input extends unknown
  ? { [Key in KnownKey<Input>]: NameOf<Key, Input[Key], Depth> }[KnownKey<Input>]
  : never

// Without `[name: string]`: what a schema does not list never reaches the data.
type KnownKey<Input> = keyof { [Key in keyof Input as string extends Key ? never : Key]: never } & keyof Input & string

type NameOf<Key extends string, Value, Depth extends number> = unknown extends Value
  ? Key
  : Value extends Leaf
    ? Key
    : Value extends readonly (infer Item)[]
      ? ListName<Key, NonNullable<Item>, Depth>
      : Key | `${Key}.${NamesBelow<Value, Depth>}`

type ListName<Key extends string, Item, Depth extends number> = Item extends Leaf | readonly unknown[]
  ? Key
  : Key | `${Key}.${number}` | `${Key}.${number}.${NamesBelow<Item, Depth>}`

type NamesBelow<Value, Depth extends number> = [Depth] extends [never] ? never : NamesIn<Value, Less[Depth]>

type Leaf = string | number | boolean | bigint | symbol | null | undefined | Date | Blob | Containers

type Containers = ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>

type Less = [never, 0, 1, 2, 3, 4, 5, 6, 7]

/** The names of a schema's form. */
export type NamesOf<Schema extends StandardSchemaV1> = FieldName<StandardSchemaV1.InferInput<Schema>>

/**
 * What a schema makes of valid input: its own output, in which each `File` is the `UploadedFile` that was posted.
 * Known limit: so is a plain `File` that the schema itself makes; one of a class of its own is not. Nine deep.
 */
export type ValuesOf<Schema extends StandardSchemaV1> = Uploaded<StandardSchemaV1.InferOutput<Schema>>

// A type without files stays as its author wrote it. What a mapped type makes of a list is a list.
type Uploaded<Value> = [HoldsFile<Value, 8>] extends [never] ? Value : EachUploaded<Value>

type EachUploaded<Value> = Value extends Blob
  ? Arrived<Value>
  : [HoldsFile<Value, 8>] extends [never] // another branch of the union has the file
    ? Value
    : { [Key in keyof Value]: Uploaded<Value[Key]> }

// A class of the schema's own is not the file that was posted.
type Arrived<Value> = File extends Value ? UploadedFile : Value

// `true` if there is a file somewhere in it, else `never`.
type HoldsFile<Value, Depth extends number> = unknown extends Value
  ? never
  : Value extends Blob
    ? true
    : Value extends Leaf | ((..._given: never) => unknown)
      ? never
      : Value extends readonly (infer Item)[]
        ? HoldsFileBelow<Item, Depth>
        : { [Key in keyof Value]-?: HoldsFileBelow<Value[Key], Depth> }[keyof Value]

type HoldsFileBelow<Value, Depth extends number> = [Depth] extends [never] ? never : HoldsFile<Value, Less[Depth]>
