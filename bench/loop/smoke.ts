import { type Answer, postName, readThankYou } from './visitors.ts'
import type { CookieUse } from './wrk.ts'

/** Turns the loop by hand and says what is wrong with a server, or `undefined` when it does all that is measured. */
export async function whatIsWrong(port: number, cookieUse: CookieUse): Promise<string | undefined> {
  const ann = await postName(port, 'Ann Smoke')
  const wrongRedirect = notTheRedirect(ann)
  if (wrongRedirect !== undefined) return wrongRedirect
  if (ann.cookie === '') return 'POST /submit gives no cookie'
  // wrk shows its script only the last of several Set-Cookie lines.
  if (cookieUse === 'follow' && ann.cookie.includes(';')) return 'it sets two cookies, which wrk cannot follow'
  const page = await readThankYou(port, ann.cookie)
  if (page.status !== 200) return `GET /thankyou answers ${page.status}`
  if (!page.body.includes('<p>Thank you, Ann Smoke!</p>'))
    return `the page does not show the posted name: ${page.body.slice(0, 200)}`
  return (await notRenamed(port, ann.cookie)) ?? (await notEscaped(port))
}

function notTheRedirect(answer: Answer): string | undefined {
  if (answer.status !== 303) return `POST /submit answers ${answer.status}, not 303: ${answer.body.slice(0, 200)}`
  return answer.location === '/thankyou' ? undefined : `POST /submit redirects to ${answer.location}, not to /thankyou`
}

async function notRenamed(port: number, cookie: string): Promise<string | undefined> {
  const again = await postName(port, 'Ben Smoke', cookie)
  const page = await readThankYou(port, again.cookie === '' ? cookie : again.cookie)
  return page.body.includes('<p>Thank you, Ben Smoke!</p>') ? undefined : 'a second POST does not change the session'
}

async function notEscaped(port: number): Promise<string | undefined> {
  const answer = await postName(port, '<b>&"')
  const page = await readThankYou(port, answer.cookie)
  const isEscaped = page.body.includes('Thank you, &lt;b&gt;&amp;') && !page.body.includes('<b>')
  return isEscaped ? undefined : `a name with < is not escaped: ${page.body.slice(0, 200)}`
}
