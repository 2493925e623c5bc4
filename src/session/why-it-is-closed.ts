import { time } from '../clock/utc-time.ts'
import type { CookieVerdict } from './judge-cookie.ts'

/** Why a cookie opens nothing, as a sentence. */
export function whyItIsClosed(file: string, verdict: Extract<CookieVerdict, { readonly kind: 'closed' }>): string {
  switch (verdict.reason) {
    case 'malformed':
      return 'The cookie opens nothing: it is no text that a session was ever sealed into. Is it whole?'
    case 'version':
    case 'format':
      return 'The cookie opens nothing: it was made by another release of Dewar than this one.'
    case 'key':
      return `The cookie was sealed with another secret than ${file} has, or for an app of another name. Is DEWAR_SECRET the one of the app that sent it?`
    case 'damaged':
      return `The cookie opens nothing: it was sealed with a secret of ${file}, as far as it says, and has been changed or cut since.`
    case 'too-long':
      return 'The cookie opens nothing: it is longer than the 4,096 bytes that browsers keep.'
    case 'over': {
      const { idleSeconds, absoluteSeconds } = verdict.ends
      const why = idleSeconds <= absoluteSeconds ? 'without another visit' : 'by its longest lifetime'
      return `The session is over: it ended ${why} at ${time(new Date(Math.min(idleSeconds, absoluteSeconds) * 1000))}.`
    }
    case 'missing':
      return 'The cookie opens nothing: there is no session of this id. It was ended, or is over.'
    case 'greeting':
      return 'The cookie opens nothing: it was given to a visitor with a form, for whom nothing has been kept yet.'
    case 'previous':
      return 'The cookie opens nothing any more: it is from before the last login of its session.'
    case 'secret':
      return 'The cookie opens nothing: there is a session of this id, and the cookie has not its secret.'
  }
}
