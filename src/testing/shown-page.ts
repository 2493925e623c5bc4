import { readForms } from './controls.ts'
import { baseOf, referrerPolicyOf } from './head.ts'
import { type Link, readLinks } from './links.ts'
import type { FieldValue, FieldValues, Page, PageForm } from './page.ts'
import { ShownForm } from './shown-form.ts'
import type { Navigation } from './travel.ts'
import { type Document, fold, parseHtml } from './tree.ts'
import { titleOf, visibleText } from './visible-text.ts'

/** What arrived, before it is read as a page. */
export interface PageContent {
  readonly address: URL
  readonly status: number
  readonly headers: Headers
  readonly html: string
  readonly external: boolean
}

/** What a page needs of the browser that shows it. */
export interface Surface {
  /** The origin whose addresses are written without it. */
  readonly origin: string
  readonly visit: (navigation: Navigation) => Promise<Page>
}

const excerptLength = 200

/** A page that a browser shows. */
export class ShownPage implements Page {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly html: string
  readonly text: string
  readonly title: string
  readonly external: boolean
  readonly #address: URL
  readonly #base: URL
  readonly #referrerPolicy: string
  readonly #forms: readonly ShownForm[]
  readonly #links: readonly Link[]
  readonly #surface: Surface

  constructor(content: PageContent, surface: Surface) {
    const document = parseHtml(isHtml(content) ? content.html : '')
    const { address, status, headers, html, external } = content
    this.url = address.origin === surface.origin ? address.href.slice(address.origin.length) : address.href
    this.status = status
    this.headers = headers
    this.html = html
    this.text = isHtml(content) ? visibleText(document) : fold(html)
    this.title = titleOf(document)
    this.external = external
    this.#surface = surface
    this.#address = address
    this.#base = baseOf(document, address)
    this.#referrerPolicy = referrerPolicyOf(document, headers)
    this.#links = readLinks(document)
    this.#forms = this.#readForms(document)
  }

  fill(values: FieldValues): PageForm {
    return this.#formWith(Object.keys(values)).fill(values)
  }

  form(which?: string): PageForm {
    return this.#theForm(which)
  }

  async submit(button?: string): Promise<Page> {
    return this.#formOf(button).submit(button)
  }

  async doubleClick(button?: string): Promise<Page> {
    return this.#formOf(button).doubleClick(button)
  }

  async click(link: string): Promise<Page> {
    const found = this.#links.filter(({ label }) => label === link)
    const [first, ...others] = found
    if (first === undefined) throw this.#complain(`No link "${link}" on this page.${this.#whatElse(link)}`)
    if (others.some(({ href }) => href !== first.href)) {
      throw this.#complain(`${found.length} links "${link}": ${found.map(({ href }) => href).join(', ')}.`)
    }
    return this.#follow(first)
  }

  value(name: string): FieldValue {
    return this.#formWith([name]).value(name)
  }

  #readForms(document: Document): ShownForm[] {
    const surroundings = {
      url: this.#address,
      base: this.#base,
      complain: (sentence: string) => this.#complain(sentence),
      leave: (navigation: Omit<Navigation, 'from'>) => this.#leave(navigation, this.#referrerPolicy),
    }
    return readForms(document).map((form) => new ShownForm(form, surroundings))
  }

  #formWith(names: readonly string[]): ShownForm {
    const unknown = names.find((name) => !this.#forms.some((form) => form.hasFields([name])))
    const wanted = names.map((name) => `"${name}"`).join(' and ')
    return this.#only(
      this.#forms.filter((form) => form.hasFields(names)),
      unknown === undefined ? `fields named ${wanted || 'anything'}` : `a field named "${unknown}"`,
    )
  }

  #formOf(button: string | undefined): ShownForm {
    if (button === undefined) return this.#theForm()
    const found = this.#forms.filter((form) => form.buttonsCalled(button).length > 0)
    return this.#only(found, `a submit button "${button}"`)
  }

  #theForm(which?: string): ShownForm {
    if (which === undefined) return this.#only(this.#forms, 'fields or buttons')
    return this.#only(
      this.#forms.filter((form) => form.isCalled(which)),
      `the id, the action or a button "${which}"`,
    )
  }

  #only(found: readonly ShownForm[], what: string): ShownForm {
    const [form, ...others] = found
    if (form === undefined) throw this.#complainOfForms(`No form of this page has ${what}.`)
    if (others.length === 0) return form
    throw this.#complainOfForms(`${found.length} forms of this page have ${what}: pick one with page.form().`)
  }

  async #follow({ href, isSecretive }: Link): Promise<Page> {
    if (!URL.canParse(href, this.#base)) throw this.#complain(`The link to "${href}" is not an address.`)
    const url = new URL(href, this.#base)
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw this.#complain(`The link goes to ${url.protocol}.`)
    if (url.hash !== '' && withoutHash(url) === withoutHash(this.#address)) return this
    return this.#leave({ method: 'GET', url }, isSecretive ? 'no-referrer' : this.#referrerPolicy)
  }

  #leave(navigation: Omit<Navigation, 'from'>, referrerPolicy: string): Promise<Page> {
    return this.#surface.visit({ ...navigation, from: { url: this.#address, referrerPolicy } })
  }

  #whatElse(label: string): string {
    const isButton = this.#forms.some((form) => form.buttonsCalled(label).length > 0)
    return isButton
      ? ' There is such a button: use submit().'
      : ` Its links: ${this.#links.map((link) => `"${link.label}"`).join(', ') || 'none'}.`
  }

  #complainOfForms(sentence: string): Error {
    const forms = this.#forms.map((form) => `\n  a form: ${form.description}`)
    return this.#complain(sentence + (forms.join('') || '\n  The page has no form.'))
  }

  #complain(sentence: string): Error {
    const excerpt = this.text.length > excerptLength ? `${this.text.slice(0, excerptLength)}…` : this.text
    const type = isHtml(this) ? '' : ` ${this.headers.get('content-type')}`
    return new Error(`${sentence}\n  the page: ${this.status} ${this.url}${type} "${excerpt}"`)
  }
}

/** An answer that does not say what it is counts as HTML. */
function isHtml({ headers }: Pick<PageContent, 'headers'>): boolean {
  return /^\s*($|text\/html|application\/xhtml\+xml)/i.test(headers.get('content-type') ?? '')
}

function withoutHash(url: URL): string {
  return url.href.slice(0, url.href.length - url.hash.length)
}
