import type { Given } from './given.ts'
import type { Said } from './said.ts'

/** A command of `dewar`, as it is told to the user and as it is done. */
export interface Command {
  /** The words that call it, as `sessions sweep`. */
  readonly name: string
  /** What it does, as one sentence. */
  readonly does: string
  /** How it is written after its name, each way that there is: `FILE ID`, `FILE --user USER`. */
  readonly usages: readonly string[]
  /** What stands there without a name, in order; those that may be left out are last. */
  readonly operands: readonly Operand[]
  /** What is said by name: `user` for `--user USER`. */
  readonly options: Readonly<Record<string, Option>>
  /** One way to write it, whole. */
  readonly example: string
  /**
   * Does it, and gives what is printed at the end, or what it came to if that is not all there is to say; then the process
   * ends. A command that serves is done when it has been told to stop. Rejects with `Refused`, `WrongUse`, or whatever
   * goes wrong.
   */
  run(given: Given, host: Host): Promise<string | Said>
}

/** The process that a command runs in. */
export interface Host {
  /**
   * From now on the command serves. It is waited for no more, and looks itself after errors that nobody catches, which
   * else end the process.
   */
  handOver(): void
}

/** A word that a command takes. */
export interface Operand {
  readonly name: string
  readonly about: string
  readonly isOptional?: true
}

/** A word that a command takes by name. */
export interface Option {
  /** What its value is called, as `USER`. */
  readonly value: string
  readonly about: string
}

/** The operand that every command about an app begins with. */
export const file: Operand = { name: 'FILE', about: 'the module whose default export is the app' }
