/**
 * Thrown by a handler to answer with an error page: `throw new HttpError(404, 'There is no order 17.')`.
 * The message is shown to the person, escaped, in production too. Nothing the handler did to the session is kept.
 * Throws a RangeError when the status is not an error status (400 to 599).
 */
export class HttpError extends Error {
  /** The HTTP status of the answer, 400 to 599. */
  readonly status: number

  constructor(status: number, message: string = reasonOf(status), options?: ErrorOptions) {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`HttpError takes a status from 400 to 599, not ${status}.`)
    }
    super(message, options)
    this.name = 'HttpError'
    this.status = status
  }
}

/** What a status says to a person who has never heard of HTTP. RFC 9110 §15 */
export function reasonOf(status: number): string {
  return sentences.get(status) ?? (status < 500 ? 'This request cannot be answered.' : 'Something went wrong here.')
}

const sentences: ReadonlyMap<number, string> = new Map([
  [400, 'This request was not understood.'],
  [401, 'Please sign in first.'],
  [403, 'This is not allowed.'],
  [404, 'There is no page at this address.'],
  [405, 'This address does not answer that kind of request.'],
  [408, 'The request took too long to arrive.'],
  [413, 'This is more than the page accepts.'],
  [415, 'This kind of content is not accepted here.'],
  [422, 'Something in the form needs another look.'],
  [500, 'Something went wrong here. It is not your fault.'],
  [503, 'This page cannot be served right now. Please try again in a moment.'],
])
