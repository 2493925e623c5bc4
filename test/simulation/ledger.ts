/** Something that somebody has sent. */
export interface Sent {
  readonly person: string
  readonly route: string
  readonly token: string
  readonly body: string
  /** The text of their session cookie; empty for none. */
  readonly cookie: string
  readonly step: number
}

/** What the app has answered, whether or not it was heard. */
export interface Answered {
  readonly sent: Sent
  /** When the request that it answers was sent: a page that waits for a submission is asked for later than that was. */
  readonly askedStep: number
  readonly step: number
  readonly status: number
  readonly location: string | null
  /** The session cookie that came with it: `null` for none, empty for one that is taken back. */
  readonly cookie: string | null
  readonly text: string
}

/** What was sent and answered, from outside. */
export class Ledger {
  readonly sent: Sent[] = []
  readonly answered: Answered[] = []
}

/** The family that a session cookie names; empty for none. */
export function familyOf(cookie: string): string {
  return cookie.split('.')[0] ?? ''
}
