import { DewarError } from '../errors/dewar-error.ts'
import { inShort } from '../errors/refuse-options.ts'
import { Form, type FormMethod } from '../form/form.ts'

/**
 * Throws `app/option-invalid` for what is no form of this method: a search form has its values in the address, so what
 * goes with it is a GET.
 */
export function refuseForm(place: string, given: unknown, method: FormMethod): void {
  if (given instanceof Form && given.method === method) return
  const wanted = method === 'get' ? "form(schema, { method: 'get' })" : 'form(schema)'
  const found = given instanceof Form ? `a form with the method ${given.method}` : inShort(given)
  throw new DewarError('app/option-invalid', `${place} takes what ${wanted} gives, and not ${found}.`)
}

/** Throws `app/option-invalid` for what is no function. */
export function refuseNoFunction(place: string, given: unknown, wanted = 'a function'): void {
  if (typeof given === 'function') return
  throw new DewarError('app/option-invalid', `${place} takes ${wanted}, and not ${inShort(given)}.`)
}

/** `app/option-invalid` for what is no app. */
export function noApp(given: unknown): DewarError {
  const detail = `This takes an app, as new Dewar() of this copy of Dewar makes one, and not ${inShort(given)}.`
  return new DewarError('app/option-invalid', detail)
}
