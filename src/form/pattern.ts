/** A pattern of JSON Schema as a regular expression, read as strictly as it allows; `null` if it is none. */
export function compile(pattern: string): RegExp | null {
  for (const flags of ['v', 'u', '']) {
    try {
      return new RegExp(pattern, flags)
    } catch {
      // read it less strictly
    }
  }
  return null
}

/**
 * A pattern of JSON Schema, which matches anywhere in a text, as one of HTML, which matches the whole text and is read
 * with the flag `v`. `null` if it cannot be said: the server still checks it.  WHATWG HTML §4.10.5.3.6
 */
export function htmlPattern(pattern: string): string | null {
  const strict = inSetNotation(pattern)
  if (strict === null) return null
  const isSplit = hasOuterAlternative(strict)
  const before = isSplit || !strict.startsWith('^') ? '.*' : ''
  const after = isSplit || !/^(?:[^\\]|\\.)*\$$/s.test(strict) ? '.*' : ''
  const whole = before + after === '' ? strict : `${before}(?:${strict})${after}`
  return isValidInHtml(whole) ? whole : null
}

// In a class the flag `v` wants these escaped: ( ) [ ] { } / - |, and gives doubled punctuation a meaning.
function inSetNotation(pattern: string): string | null {
  let isAmbiguous = false
  const escaped = pattern.replace(
    /\\.|\[(\^?)((?:\\.|[^\]\\])*)\]/gs,
    (part: string, not: string, content?: string) => {
      if (content === undefined) return part
      isAmbiguous ||= /([&!#$%*+,.:;<=>?@^`~])\1/.test(content)
      return `[${not}${content.replace(unescaped, (one) => (one.length > 1 ? one : `\\${one}`))}]`
    },
  )
  return isAmbiguous ? null : escaped
}

// Escapes are passed over whole.
const unescaped = /\\(?:u\{[\da-f]+\}|p\{[^}]*\}|.)|[()[{}/|]|^-|-$/gis

function hasOuterAlternative(pattern: string): boolean {
  let depth = 0
  for (const sign of pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, '')) {
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (sign === '|' && depth === 0) return true
  }
  return false
}

function isValidInHtml(pattern: string): boolean {
  try {
    new RegExp(pattern, 'v')
    return true
  } catch {
    return false
  }
}
