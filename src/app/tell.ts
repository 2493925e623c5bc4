/**
 * Whatever was thrown, as text for the author: the stack of an error, else the value. Never throws, though what was
 * thrown may throw when it is looked at.
 */
export function tell(thrown: unknown): string {
  try {
    return thrown instanceof Error ? (thrown.stack ?? `${thrown.name}: ${thrown.message}`) : `Thrown: ${String(thrown)}`
  } catch {
    return 'Thrown: a value that cannot be shown'
  }
}
