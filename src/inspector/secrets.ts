import { isSecretName } from '../form/field.ts'

/**
 * Whether a value of this name is not shown. Wider than what keeps a value out of a page: here it is better to hide a
 * country code than to show a code that signs somebody in.
 */
export function isHidden(name: string): boolean {
  return isSecretName(name) || wordsOf(name).some((word) => secretWords.has(word))
}

/** A value of a session without what is hidden in it, at any depth. */
export function withoutHidden(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth === deepest) return value
  const below = (name: unknown, each: unknown): unknown =>
    typeof name === 'string' && isHidden(name) ? hidden : withoutHidden(each, depth + 1)
  if (Array.isArray(value)) return value.slice(0, mostItems).map((each) => withoutHidden(each, depth + 1))
  if (value instanceof Map) return new Map([...value].slice(0, mostItems).map(([key, each]) => [key, below(key, each)]))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, below(key, each)]))
}

/** An address with the values of hidden names masked, and without a question mark alone, as srvx has it. */
export function addressOf({ pathname, search }: URL): string {
  const query = new URLSearchParams(search)
  const names = [...query.keys()].filter((name) => isHidden(name))
  if (names.length === 0) return pathname + (search === '?' ? '' : search)
  for (const name of names) query.set(name, 'hidden')
  return `${pathname}?${query}`
}

/** What stands for a value that is not shown. Not even its length is told. */
export const hidden = '••••••'

const deepest = 8
const mostItems = 200

const secretWords: ReadonlySet<string> = new Set([
  ...['pass', 'passwd', 'password', 'passphrase', 'pwd', 'secret', 'credential', 'credentials', 'pin', 'otp', 'totp'],
  ...['token', 'code', 'key', 'apikey', 'auth', 'authorization', 'sig', 'signature', 'hash', 'sid', 'remember', 'jwt'],
  ...['card', 'cvv', 'cvc', 'iban', 'ssn'],
])

// `resetCode`, `reset_code` and `reset-code` have two.
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
}
