import type { FormControls, SubmitControl } from './controls.ts'
import { describeForm, isButton } from './describe.ts'
import { fieldsNamed, heldValue } from './fields.ts'
import { judgeFilling } from './fill.ts'
import type { FieldValue, FieldValues, Page, PageForm } from './page.ts'
import { actionPath, type Place, planOf, submissionOf } from './submission.ts'
import type { Navigation } from './travel.ts'
import { attribute } from './tree.ts'

/** What a form needs of the page it stands on. */
export interface Surroundings extends Place {
  /** An error with this sentence that also shows the page. */
  readonly complain: (sentence: string) => Error
  /** Leaves the page for what the form asks for. */
  readonly leave: (navigation: Omit<Navigation, 'from'>) => Promise<Page>
}

/** A form that a person is filling in. */
export class ShownForm implements PageForm {
  /** The form in one line, for failure messages. */
  readonly description: string
  readonly #form: FormControls
  readonly #page: Surroundings

  constructor(form: FormControls, page: Surroundings) {
    this.#form = form
    this.#page = page
    this.description = describeForm(form, page)
  }

  fill(values: FieldValues): PageForm {
    const fillings = Object.entries(values).map(([name, value]) => {
      const filling = judgeFilling(fieldsNamed(name, this.#form.controls), value)
      if (filling.kind === 'refused') throw this.#complain(`Field "${name}" ${filling.why}.`)
      return filling
    })
    for (const filling of fillings) filling.act()
    return this
  }

  async submit(button?: string): Promise<Page> {
    return this.#page.leave(await this.#sent(button))
  }

  async doubleClick(button?: string): Promise<Page> {
    return this.#page.leave({ ...(await this.#sent(button)), isDouble: true })
  }

  #sent(button: string | undefined): Promise<Omit<Navigation, 'from'>> {
    const pressed = button === undefined ? this.#form.controls.find(isButton) : this.#theButton(button)
    if (pressed?.disabled) throw this.#complain(`The button "${pressed.label}" is disabled.`)
    const plan = planOf(this.#form, this.#page, pressed)
    if (plan.kind === 'impossible') throw this.#complain(`This form cannot be sent: ${plan.why}.`)
    return submissionOf(this.#form, plan, pressed)
  }

  value(name: string): FieldValue {
    const fields = fieldsNamed(name, this.#form.controls)
    if (fields.length === 0) throw this.#complain(`Field "${name}" is not there.`)
    return heldValue(fields)
  }

  /** True when the form has fields of all these names. */
  hasFields(names: readonly string[]): boolean {
    return names.every((name) => fieldsNamed(name, this.#form.controls).length > 0)
  }

  /** True when a person could mean this form: by id, by where it goes, or by the text on its button. */
  isCalled(which: string): boolean {
    const own = [
      attribute(this.#form.element, 'id'),
      attribute(this.#form.element, 'action'),
      actionPath(this.#form, this.#page),
    ]
    return own.includes(which) || this.buttonsCalled(which).length > 0
  }

  /** The buttons of that text; when there are none, of that `aria-label`; then of that id; then of that value. */
  buttonsCalled(text: string): SubmitControl[] {
    const buttons = this.#form.controls.filter(isButton)
    const names: ((button: SubmitControl) => string | undefined)[] = [
      (button) => button.label,
      (button) => attribute(button.element, 'aria-label'),
      (button) => attribute(button.element, 'id'),
      (button) => button.value,
    ]
    return names.map((name) => buttons.filter((button) => name(button) === text)).find((some) => some.length > 0) ?? []
  }

  #theButton(text: string): SubmitControl {
    const [button, ...others] = this.buttonsCalled(text)
    if (button === undefined) throw this.#complain(`No submit button "${text}" in this form.`)
    if (others.length > 0) throw this.#complain(`Several buttons "${text}" in this form: name one by its id.`)
    return button
  }

  #complain(sentence: string): Error {
    return this.#page.complain(`${sentence}\n  the form: ${this.description}`)
  }
}
