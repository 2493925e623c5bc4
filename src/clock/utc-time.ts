/** A time in UTC, to the second. */
export function time(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '')
}
