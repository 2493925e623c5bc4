const widest = 100
const mostBytes = 32

/**
 * A value of a session as text that looks like JSON, and shows as what they are those that JSON has no word for. What
 * would move the cursor of a terminal is escaped.
 */
export function valueInWords(value: unknown, indent = ''): string {
  const inner = `${indent}  `
  const shown = (each: unknown): string => valueInWords(each, inner)
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Date) return `Date ${value.toISOString()}`
  if (value instanceof Uint8Array) return bytesInWords(value)
  if (value instanceof Map) {
    return within(
      'Map {}',
      [...value].map(([key, each]) => `${shown(key)} => ${shown(each)}`),
      indent,
    )
  }
  if (value instanceof Set) return within('Set {}', [...value].map(shown), indent)
  if (Array.isArray(value)) return within('[]', value.map(shown), indent)
  return within(
    '{}',
    Object.entries(value).map(([key, each]) => `${name(key)}: ${shown(each)}`),
    indent,
  )
}

/** In one line if it fits, else a line for each part. The brackets end with the closing one. */
function within(brackets: string, parts: readonly string[], indent: string): string {
  if (parts.length === 0) return brackets
  const [open, close] = [brackets.slice(0, -1), brackets.slice(-1)]
  const space = close === ']' ? '' : ' '
  const line = `${open}${space}${parts.join(', ')}${space}${close}`
  if (indent.length + line.length <= widest && !line.includes('\n')) return line
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`
}

function name(key: string): string {
  return /^[a-z_$][\w$]*$/i.test(key) ? key : quoted(key)
}

// JSON.stringify leaves the control characters above U+007E as they are, and those that turn the direction of text.
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

function bytesInWords(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, mostBytes)].map((byte) => byte.toString(16).padStart(2, '0'))
  const rest = bytes.length > mostBytes ? ['…'] : []
  return [`Uint8Array(${bytes.length})`, ...shown, ...rest].join(' ')
}
