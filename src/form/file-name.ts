/**
 * The name that a client gave to a file, as it may stand in a page for a person to read. Characters that cannot be
 * seen, and those that turn the order of reading around, become U+FFFD: `photo\u202Egnp.exe` would else be read as
 * `photoexe.png`. It is text all the same, to be escaped like any other. “Unnamed file” if there is nothing to read.
 * Unicode Technical Report 36 §2.6
 */
export function shownFileName(name: string): string {
  const shown = name.replace(unseen, '\uFFFD')
  return shown.trim() === '' ? 'Unnamed file' : shown
}

// Controls, halves of characters, ends of lines, marks of direction, and signs without width. The joiners U+200C and
// U+200D stay: words of Persian and many an emoji are written with them.
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/gu
