/** What is known of a file as it is now. */
export interface Validators {
  /** A strong entity tag with its quotes, or `null`. */
  readonly etag: string | null
  /** When it was last changed, as an HTTP date, or `null`. */
  readonly lastModified: string | null
}

/**
 * What the conditions of a GET or HEAD request come to: it is answered, its client has the file already, or the file is
 * no longer the one it means. Conditions that cannot be read are passed over.  RFC 9110 §13.2.2
 */
export function judgePreconditions(headers: Headers, now: Validators): 'answer' | 'not-modified' | 'failed' {
  const match = headers.get('if-match')
  const unmodified = headers.get('if-unmodified-since')
  if (match !== null ? !isListed(match, now.etag, 'strongly') : isChangedSince(unmodified, now.lastModified)) {
    return 'failed'
  }
  const noneMatch = headers.get('if-none-match')
  if (noneMatch !== null) return isListed(noneMatch, now.etag, 'weakly') ? 'not-modified' : 'answer'
  const known = timeOf(headers.get('if-modified-since'))
  const changed = timeOf(now.lastModified)
  return known !== null && changed !== null && changed <= known ? 'not-modified' : 'answer'
}

/** Whether a Range header counts: not if the client got its part of another state of the file.  RFC 9110 §13.1.5 */
export function rangeCounts(headers: Headers, { etag, lastModified }: Validators): boolean {
  const condition = headers.get('if-range')
  return condition === null || condition.trim() === etag || condition.trim() === lastModified
}

function isListed(header: string, etag: string | null, how: 'strongly' | 'weakly'): boolean {
  if (header.trim() === '*') return true
  if (etag === null) return false
  const known = header.split(',').map((tag) => tag.trim())
  return known.some((tag) => (how === 'weakly' ? tag.replace(/^W\//, '') : tag) === etag)
}

function isChangedSince(date: string | null, lastModified: string | null): boolean {
  const [known, changed] = [timeOf(date), timeOf(lastModified)]
  return known !== null && changed !== null && changed > known
}

// HTTP-date = day "," date time "GMT" / day month date time year; all of them mean GMT.  RFC 9110 §5.6.7
const httpDate = /^[A-Z][a-z]+,? [\w -]+ \d\d:\d\d:\d\d (?:GMT|\d{4})$/

// Other texts that JavaScript takes for dates are none.
function timeOf(date: string | null): number | null {
  const text = date?.trim() ?? ''
  if (!httpDate.test(text)) return null
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(time) ? null : time
}
