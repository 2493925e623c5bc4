const mostCharacters = 40

/** The beginning of a text that a stranger sent, for a sentence: in quotes, escaped, at most 40 characters of it. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text)
}
