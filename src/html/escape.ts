/**
 * Text with the five characters that mean something in HTML replaced by character references:
 * safe in element text and in quoted attribute values.  WHATWG HTML §13.1.2.3, §13.1.2.4
 */
export function escapeHtml(text: string): string {
  return special.test(text) ? text.replace(eachSpecial, (character) => references[character] ?? character) : text
}

/**
 * Markup made fit for a quoted attribute: only what would end the attribute or open a tag is replaced,
 * so that character references already in it stay as they are.
 */
export function escapeMarkupForAttribute(markup: string): string {
  return markup.replace(/[<"']/g, (character) => references[character] ?? character)
}

const special = /[&<>"']/
const eachSpecial = /[&<>"']/g
const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
