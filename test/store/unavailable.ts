import assert from 'node:assert/strict'
import { DewarError } from '../../src/errors/dewar-error.ts'
import { startStopwatch } from '../stopwatch.ts'

/** Whether something was rejected as `store/unavailable`. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof DewarError && error.code === 'store/unavailable'
}

/** A call must be rejected as `store/unavailable` within two seconds. Gives what it was rejected with. */
export async function rejectsInTime(call: () => Promise<unknown>, name: string): Promise<DewarError> {
  const stopped = startStopwatch()
  const error = await call().then(
    () => assert.fail(`${name} gave an answer`),
    (reason: unknown) => reason,
  )
  const milliseconds = stopped()
  assert.ok(error instanceof DewarError && error.code === 'store/unavailable', `${name}: ${error}`)
  assert.ok(milliseconds < 2000, `${name} took ${Math.round(milliseconds)} ms`)
  return error
}

/** A call must be rejected as `store/refused`, and say something. */
export function refuses(call: Promise<unknown>, says: RegExp): Promise<void> {
  return assert.rejects(call, { code: 'store/refused', message: says })
}
