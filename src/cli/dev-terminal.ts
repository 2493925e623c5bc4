import { relative } from 'node:path'
import { styleText } from 'node:util'
import { isLoopback } from '../session/cookie-name.ts'
import { lineOf, plain } from './failure.ts'

/** What `dewar dev` itself says. Colours come on a terminal alone, and not where NO_COLOR is set.  no-color.org */
export class DevTerminal {
  /** At the start: what is served, and where. */
  sayStart({ file, url, host }: { readonly file: string; readonly url: string; readonly host: string | null }): void {
    const everywhere = host === null ? '' : ` (listening on ${host})`
    say(`dewar dev ${plain(file)}`)
    say(`  app        ${styleText('cyan', url, { stream: process.stdout })}${everywhere}`)
    if (!URL.canParse(url) || !isLoopback(new URL(url).hostname)) return // the inspector answers nothing there
    say(`  inspector  ${styleText('cyan', `${url}/_dewar`, { stream: process.stdout })}`)
  }

  /** That another app is served now, or that pages show something new; and what has changed. */
  sayReloaded(how: 'reloaded' | 'sent', paths: readonly string[], tookMs: number): void {
    const [first = '', ...others] = paths.map(shown).toSorted()
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    const sentence = how === 'sent' ? `${first}${more} to open pages` : `${first}${more}`
    say(`${styleText('green', how, { stream: process.stdout })} ${sentence} in ${Math.round(tookMs)} ms`)
  }

  /** Why there is no app. */
  sayFailure(sentence: string): void {
    console.error(`${styleText('red', plain(sentence), { stream: process.stderr })}\nWaiting for a change.`)
  }

  /** That saves in a folder are not noticed. */
  sayUnwatched(folder: string, why: unknown): void {
    const isLimit = why instanceof Error && 'code' in why && why.code === 'ENOSPC'
    const advice = isLimit ? ' Raise fs.inotify.max_user_watches of the system.' : ''
    this.sayNotice(`Saves in ${shown(folder) || '.'} are not noticed, and perhaps in others: ${lineOf(why)}.${advice}`)
  }

  sayNotice(sentence: string): void {
    console.error(`dewar: ${plain(sentence)}`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function shown(path: string): string {
  const below = relative('', path)
  return plain(below.startsWith('..') ? path : below)
}
