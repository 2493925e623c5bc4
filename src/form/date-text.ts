/**
 * The moment that a text names: `2026-01-31` is midnight UTC, `2026-01-31T12:30` that time in UTC, unless it names a
 * zone. `null` for anything else, also for days that no calendar has.  WHATWG HTML §2.3.5
 */
export function readDate(text: string): Date | null {
  const [, day, time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? []
  if (day === undefined || !isDay(day)) return null
  const date = new Date(`${day}${time.replace(' ', 'T')}${zone}`)
  return Number.isNaN(date.getTime()) ? null : date
}

/** Whether a text is a day of the calendar, as yyyy-mm-dd. */
export function isDay(text: string): boolean {
  const midnight = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00Z`) : null
  return midnight !== null && !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text)
}

/** Whether a text is a day and a time of day without a zone. */
export function isLocalTime(text: string): boolean {
  const [day = '', time = ''] = text.split('T')
  return isDay(day) && isTimeOfDay(time)
}

/** Whether a text is a time of day, as hh:mm, hh:mm:ss or with a fraction. */
export function isTimeOfDay(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?$/.test(text)
}

/**
 * A moment as the text that a control holds, in UTC: a day for `date`, a day and time for `datetime-local`, else with
 * its zone. Empty for a moment that is none, or beyond the year 9999.
 */
export function dateText(date: Date, control: string): string {
  const iso = Number.isNaN(date.getTime()) ? '' : date.toISOString()
  if (!/^\d{4}-/.test(iso)) return ''
  if (control === 'date') return iso.slice(0, 10)
  return control === 'datetime-local' ? iso.replace(/(?::00)?\.000Z$|Z$/, '') : iso
}
