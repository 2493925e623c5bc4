import { DewarError } from '../errors/dewar-error.ts'
import { refuseUnknown } from '../errors/refuse-options.ts'
import type { ChangedPolicy, OnceRules } from '../once/rules.ts'
import type { Config } from './options.ts'

/** Facts that tell one submission from another. */
export type Intent = readonly (string | number | bigint | boolean | null)[]

/** How a form is submitted once. */
export interface OnceOptions<Given = object> {
  /**
   * `tx` records a submission in the very transaction that keeps its effect and the session: the default where the store
   * has transactions. `guard` claims it before the handler runs: for effects outside of the store, and the default
   * elsewhere.
   */
  readonly mode?: 'tx' | 'guard'
  /**
   * What happens when something else is sent with a form that has been submitted, as after Back. `confirm`: the form is
   * shown again and says so, and may be sent again; the default. `accept`: each different text is done once; the default
   * for PUT, PATCH and DELETE. `replay`: the first answer again. `reject`: 422.
   */
  readonly changed?: ChangedPolicy
  /**
   * With `guard`, when a process was killed in the middle: `confirm` (the default) asks the person to check, and does
   * nothing twice; `rerun` does it again, with the same `once.key`.
   */
  readonly onCrash?: 'confirm' | 'rerun'
  /**
   * What makes two showings of this form the same submission, as `({ session }) => [cart.id, cart.version]`. Asked when
   * the form is shown by its own route. Default: each showing is one of its own.
   */
  readonly intent?: (given: Given) => Intent
  /** `url`: all showings at one address are the same submission. Default `showing`. */
  readonly instance?: 'showing' | 'url'
  /**
   * Also does what comes from our own pages without a token, each time it comes: for clients that post here and never show
   * the form. Default false.
   */
  readonly unsafelyAllowMissingToken?: boolean
}

/** The same, as a route keeps it. */
export interface RouteOnce extends OnceRules {
  readonly intent: ((given: never) => Intent) | null
  readonly instance: 'showing' | 'url'
  readonly allowsMissingToken: boolean
}

/** What a route says of submitting once; `true` is everything by default, `false` is not at all. */
export type OnceSetting<Given> = boolean | OnceOptions<Given>

/** Checks what a route says of submitting once. Throws `app/option-invalid`. */
export function readOnce(
  place: string,
  setting: unknown,
  { method, config }: { readonly method: string; readonly config: Pick<Config, 'onceMode'> },
): RouteOnce | null {
  if (setting === false || setting === undefined) return null
  if (setting !== true && (typeof setting !== 'object' || setting === null)) throw wrong(place, 'once', setting)
  const given: OnceOptions = setting === true ? {} : setting
  refuseUnknown(`${place}: once`, given, [
    'mode',
    'changed',
    'onCrash',
    'intent',
    'instance',
    'unsafelyAllowMissingToken',
  ])
  const mode = oneOf(place, 'once.mode', given.mode ?? config.onceMode, ['tx', 'guard'])
  if (mode === 'tx' && config.onceMode === 'guard') {
    throw new DewarError(
      'app/option-invalid',
      `${place}: once.mode tx needs a store with transactions: sqlite or postgres.`,
    )
  }
  if (given.intent !== undefined && typeof given.intent !== 'function') throw wrong(place, 'once.intent', given.intent)
  return {
    mode,
    changed: oneOf(place, 'once.changed', given.changed ?? (method === 'POST' ? 'confirm' : 'accept'), policies),
    onCrash: oneOf(place, 'once.onCrash', given.onCrash ?? 'confirm', ['confirm', 'rerun']),
    intent: given.intent ?? null,
    allowsMissingToken: oneOf(place, 'once.unsafelyAllowMissingToken', given.unsafelyAllowMissingToken ?? false, [
      true,
      false,
    ]),
    instance: oneOf(place, 'once.instance', given.instance ?? 'showing', ['showing', 'url']),
  }
}

const policies: readonly ChangedPolicy[] = ['confirm', 'accept', 'replay', 'reject']

function oneOf<Choice extends string | boolean>(
  place: string,
  name: string,
  given: Choice,
  choices: readonly Choice[],
): Choice {
  if (choices.includes(given)) return given
  throw wrong(place, name, given, choices)
}

function wrong(place: string, name: string, given: unknown, choices: readonly (string | boolean)[] = []): DewarError {
  const known = choices.length === 0 ? '' : ` it may be ${choices.join(', ')}.`
  return new DewarError('app/option-invalid', `${place}: ${name} is ${JSON.stringify(given) ?? typeof given};${known}`)
}
