import type { Dewar, Store } from 'dewar'

/** The conformance app, with a store or without one. */
export type App = Dewar<Record<string, unknown>, Store | undefined>
