import type { StandardSchemaV1 } from '@standard-schema/spec'

/**
 * The names that the controls of a form can have, from the type of what its schema takes: `username`,
 * `address.city` for an object in an object, `items.0.sku` for an object in a list. A list of plain values
 * has one name, posted as often as it has values.
 */
export type FieldName<Input> = unknown extends Input ? string : NamesIn<Input>

type NamesIn<Input> = { [Key in keyof Input & string]: NameOf<Key, NonNullable<Input[Key]>> }[keyof Input & string]

type NameOf<Key extends string, Value> = Value extends Leaf
  ? Key
  : Value extends readonly (infer Item)[]
    ? ListName<Key, NonNullable<Item>>
    : Value extends object
      ? `${Key}.${NamesIn<Value>}`
      : Key

type ListName<Key extends string, Item> = Item extends Leaf ? Key : Key | `${Key}.${number}.${NamesIn<Item>}`

type Leaf = string | number | boolean | bigint | Date | Blob

/** The names of a schema's form. */
export type NamesOf<Schema extends StandardSchemaV1> = FieldName<StandardSchemaV1.InferInput<Schema>>

/** What a schema makes of valid input. */
export type ValuesOf<Schema extends StandardSchemaV1> = StandardSchemaV1.InferOutput<Schema>
