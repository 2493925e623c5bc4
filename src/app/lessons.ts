import { type Logged, logLesson } from './log.ts'

/** What an author is told about in development: it works, and will hurt somebody later. */
export type Lesson =
  | 'page-for-post'
  | 'redirect-before-handler'
  | 'redirect-remembered'
  | 'form-without-enctype'
  | 'page-without-enctype'
  | 'form-without-token'
  | 'form-without-field'
  | 'form-without-route'
  | 'invalid-not-returned'
  | 'html-as-text'

/** The lessons of one app. Each is told once for an address, in the log. */
export class Lessons {
  readonly #told = new Set<string>()

  tell(logged: Logged, lesson: Lesson, text: string): void {
    const name = `${lesson} ${logged.url.pathname}`
    if (this.#told.has(name) || this.#told.size >= mostTold) return
    this.#told.add(name)
    logLesson(logged, text)
  }
}

// Addresses come from outside, and there are as many as somebody asks for.
const mostTold = 200
