/** Longest text that `tell` gives, in UTF-16 code units. What is cut away is counted. */
export const toldLength = 8_192

/**
 * Whatever was thrown, as text for the author: the stack of an error, its causes and, of an AggregateError, what it
 * holds; of anything else the value. At most 8,192 characters and a note of how much was cut. Never throws, though what
 * was thrown may throw when it is looked at, or lead back to itself.
 */
export function tell(thrown: unknown): string {
  return cut(tellFrom(thrown, new Set()), toldLength)
}

/** The beginning of a text, and how long all of it is, if it is longer than `length`. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  return `${text.slice(0, length).toWellFormed()}… (cut: ${text.length} characters in all)`
}

// Enough for any real chain; a getter might make one without an end.
const mostErrors = 10

function tellFrom(thrown: unknown, told: Set<unknown>): string {
  if (told.has(thrown)) return 'an error that is told above'
  if (told.size === mostErrors) return 'more errors, not told'
  told.add(thrown)
  try {
    return thrown instanceof Error ? tellError(thrown, told) : `Thrown: ${String(thrown)}`
  } catch {
    return 'Thrown: a value that cannot be shown'
  }
}

function tellError(error: Error, told: Set<unknown>): string {
  const lines = [stackOf(error)]
  const advice = adviceOn(error)
  if (advice !== null) lines.push(advice)
  if (error instanceof AggregateError) {
    const inner: readonly unknown[] = error.errors
    for (const one of inner.slice(0, mostErrors)) lines.push(`Together with: ${tellFrom(one, told)}`)
  }
  if (error.cause !== undefined) lines.push(`Caused by: ${tellFrom(error.cause, told)}`)
  return lines.join('\n')
}

/** What an error of the language means where its words do not say it, as a sentence for the author; else `null`. */
export function adviceOn(error: Error): string | null {
  return error instanceof TypeError && changesFrozen.test(error.message) ? ofFrozen : null
}

// In the words of V8, and of JavaScriptCore.
const changesFrozen = /^Cannot (?:assign to read only|add|delete|define) property|readonly property/
const ofFrozen =
  'If this is a value of the session: such values are frozen, for what is changed in place is not kept. Set a new one, or say session.update(key, (value) => …).'

// A stack is written down once, and may be older than the message.
function stackOf({ name, message, stack }: Error): string {
  const head = `${name}: ${message}`
  if (stack === undefined) return head
  return stack.includes(message) ? stack : `${head}\n${stack}`
}
