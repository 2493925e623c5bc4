/** What every server of the bench answers to `GET /thankyou`, byte for byte. */
export function thankYouPage(escapedName: string): string {
  return `<!doctype html><title>Thank you</title><p>Thank you, ${escapedName}!</p>`
}

/** Escapes text for an HTML element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => entities[character] ?? '') : text
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** The posted name as all servers judge it: trimmed, 1 to 40 characters; `undefined` means 422. */
export function acceptedName(posted: unknown): string | undefined {
  if (typeof posted !== 'string') return undefined
  const name = posted.trim()
  return name.length >= 1 && name.length <= 40 ? name : undefined
}
