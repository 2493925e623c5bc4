/** What one field takes: text (a number becomes text), `true` or `false` for a check box, a `File` for a file input. */
export type SingleValue = string | number | boolean | File

/** What the fields of one name take: one value, or a list for a multiple select, several boxes or repeated inputs. */
export type FieldValue = SingleValue | readonly SingleValue[]

/** Values by field name. */
export type FieldValues = Readonly<Record<string, FieldValue>>

/**
 * A page as a person without scripts has it before them. It never changes by itself; what is typed with `fill` stays
 * in it, also while another page is shown, and is there again after `back()`. A page left behind can still be used,
 * as a double click does: history then goes on from that page.
 *
 * Every method that cannot do what it is asked throws an `Error` that says what the page has instead, and shows the
 * page's status, address and the beginning of its text.
 */
export interface Page {
  /** The address bar: path, query and fragment on the visitor's own origin, the whole URL elsewhere. */
  readonly url: string
  /** Status of the last answer. 0 when nobody was asked, because nobody in this test answers at that address. */
  readonly status: number
  /** Headers of the last answer. */
  readonly headers: Headers
  /** The body as text: what the server sent, not what has been typed since. `''` when `external`. */
  readonly html: string
  /** What a person reads, each run of white space folded to one space; style sheets are not read. */
  readonly text: string
  /** The text of `<title>`, folded; `''` when there is none. */
  readonly title: string
  /**
   * True when a link, form or redirect led to an origin that nobody answers for in this test: it was not asked. The
   * page then has that address, the status and headers of the redirect (0 and none after a link or form), no text.
   */
  readonly external: boolean

  /**
   * Types into the one form that has fields of all these names, and gives that form. Nothing is typed if one value is refused.
   * Text fields take text, check boxes `true`, `false` or the values to tick, radio buttons and selects the value of
   * an option, repeated fields a list. Lengths, patterns and `required` are not enforced, so that a test sees what
   * the server says. Throws for a name that no form has or several have, a value that is not on offer, and fields
   * that are hidden, disabled or read-only.
   */
  fill(values: FieldValues): PageForm

  /**
   * The form with that `id`, that `action` (as written, or as a path) or that text on its button; without an
   * argument the only form. Throws when there is no such form, or more than one.
   */
  form(which?: string): PageForm

  /**
   * Presses the submit button with that text, `aria-label`, `id` or value, and gives the page it leads to, redirects
   * followed. Without an argument presses Enter in the only form: its first submit button counts as pressed.
   * `required`, `pattern` and the like are not enforced. Throws when there is no such button or more than one, when it
   * is disabled, and for `method=dialog` or `enctype=text/plain`.
   */
  submit(button?: string): Promise<Page>

  /**
   * Presses a submit button twice, as an impatient person does: the form is sent twice at once, the browser leaves the first
   * connection without looking at its answer or its cookies, and shows where the second one leads. Else as `submit`.
   */
  doubleClick(button?: string): Promise<Page>

  /** Follows the link with that text. Throws when there is no such link, or several that lead to different places. */
  click(link: string): Promise<Page>

  /**
   * What the fields of that name hold now, in the shape that `fill` takes. Throws when no form has such a field, or
   * several have.
   */
  value(name: string): FieldValue
}

/** One form of a page: as `Page`, for the fields and buttons of this form alone. */
export interface PageForm {
  /** Types into this form, as `page.fill` does. */
  fill(values: FieldValues): PageForm
  /** Presses a button of this form, as `page.submit` does. */
  submit(button?: string): Promise<Page>
  /** Presses it twice, as `page.doubleClick` does. */
  doubleClick(button?: string): Promise<Page>
  /** What the fields of that name in this form hold now, as `page.value` does. */
  value(name: string): FieldValue
}
