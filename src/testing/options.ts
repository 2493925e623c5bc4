import { ancestorsOf, attribute, type Element, elementsIn, has, textIn } from './tree.ts'

/** One choice of a `<select>`. */
export interface Option {
  /** What is sent; the text when the page gives no value. */
  readonly value: string
  readonly disabled: boolean
  selected: boolean
}

/**
 * The choices of a select in tree order, picked as a browser shows them at first: of a single select the last that
 * says `selected`, or the first that is not disabled when the select shows one line.  HTML §4.10.7
 */
export function readOptions(select: Element): Option[] {
  const options = [...elementsIn(select)].filter((element) => element.tagName === 'option').map(readOption)
  if (has(select, 'multiple')) return options
  const first = linesShown(select) === 1 ? options.find((option) => !option.disabled) : undefined
  const picked = options.findLast((option) => option.selected) ?? first
  for (const option of options) option.selected = option === picked
  return options
}

function readOption(element: Element): Option {
  const group = [...ancestorsOf(element)].find((around) => around.tagName === 'optgroup')
  return {
    value: attribute(element, 'value') ?? textOf(element),
    disabled: has(element, 'disabled') || (group !== undefined && has(group, 'disabled')),
    selected: has(element, 'selected'),
  }
}

/** HTML §4.10.10: only ASCII white space is stripped and collapsed, so a no-break space stays. */
function textOf(option: Element): string {
  return textIn(option)
    .replace(/[\t\n\f\r ]+/g, ' ')
    .replace(/^ | $/g, '')
}

function linesShown(select: Element): number {
  const size = Number.parseInt(attribute(select, 'size') ?? '', 10)
  return size > 0 ? size : 1
}
