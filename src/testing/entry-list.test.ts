import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readForms } from './controls.ts'
import { isButton } from './describe.ts'
import { entryList } from './entry-list.ts'
import { attribute, parseHtml } from './tree.ts'

/** What the form `f` sends when the button `id=b` is pressed, as `name=value` in order. */
function entries(html: string): string[] {
  const form = readForms(parseHtml(html)).find(({ element }) => attribute(element, 'id') === 'f')
  const pressed = form?.controls.filter(isButton).find(({ element }) => attribute(element, 'id') === 'b')
  return entryList(form?.controls ?? [], pressed).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : value.type}`,
  )
}

// What Chromium sends, but for where a picture was pressed, and suggestions, where it strays from HTML.
const stories: [fact: string, html: string, sent: string[]][] = [
  ['text as the page has it', '<input name=a value=" x "><input name=b>', ['a= x ', 'b=']],
  ['an input of an unknown type as text', '<input type=wibble name=a value=1>', ['a=1']],
  ['nothing without a name', '<input value=1><input name="" value=2><select><option>3</select>', []],
  [
    'ticked boxes only, as "on" without a value',
    '<input type=checkbox name=a><input type=checkbox name=b checked><input type=checkbox name=c value=1 checked>',
    ['b=on', 'c=1'],
  ],
  [
    'the last radio button that is picked',
    '<input type=radio name=a value=1 checked><input type=radio name=a value=2 checked><input type=radio name=b>',
    ['a=2'],
  ],
  ['the first option that is not disabled', '<select name=a><option disabled>1<option>2<option>3</select>', ['a=2']],
  [
    'the first option outside a disabled group',
    '<select name=a><optgroup disabled><option>1</optgroup><option>2</select>',
    ['a=2'],
  ],
  [
    'the last option that is selected',
    '<select name=a><option selected>1<option selected>2<option>3</select>',
    ['a=2'],
  ],
  [
    'nothing of a disabled option, though it is selected',
    '<select name=a><option selected disabled>1<option>2</select>',
    [],
  ],
  [
    'nothing of a select that shows several lines, none picked',
    '<select name=a size=2><option>1<option>2</select>',
    [],
  ],
  [
    'all picked options of a multiple select',
    '<select name=a multiple><option selected>1<option>2<option value="" selected>3</select>',
    ['a=1', 'a='],
  ],
  [
    'the text of an option without a value, spaces folded',
    '<select name=a><option>  New\n  York&nbsp; </select>',
    ['a=New York\u00a0'],
  ],
  [
    'nothing disabled',
    '<input name=a disabled><textarea name=b disabled></textarea><select name=c disabled><option>1</select>',
    [],
  ],
  ['what is read-only', '<input name=a value=1 readonly>', ['a=1']],
  [
    'nothing of a disabled fieldset but its first legend',
    '<fieldset disabled><input name=a><legend><input name=b></legend><legend><input name=c></legend></fieldset>',
    ['b='],
  ],
  [
    'nothing of a legend inside another disabled fieldset',
    '<fieldset disabled><fieldset><legend><input name=a></legend></fieldset></fieldset>',
    [],
  ],
  [
    'a textarea without its first line break, lines parted by CR LF',
    '<textarea name=a>\n\none\ntwo\r\nthree</textarea>',
    ['a=\r\none\r\ntwo\r\nthree'],
  ],
  [
    'line breaks in hidden values, none in text of one line',
    '<input type=hidden name=a value="1\n2"><input name=b value="1\n2">',
    ['a=1\r\n2', 'b=12'],
  ],
  ['the character set where it is asked for', '<input type=hidden name=_charset_ value=x>', ['_charset_=UTF-8']],
  ['an empty file where none was chosen', '<input type=file name=a>', ['a=application/octet-stream']],
  [
    'the pressed button alone',
    '<button name=a value=1>A</button><button id=b name=b value=2>B</button><input type=submit name=c>',
    ['b=2'],
  ],
  ['a button without a value as nothing, an input as its label', '<button id=b name=a>A</button>', ['a=']],
  ['an input button without a value as its label', '<input type=submit id=b name=a>', ['a=Submit']],
  ['where a picture was pressed', '<input type=image id=b name=a><input type=image name=c>', ['a.x=0', 'a.y=0']],
  [
    'nothing of buttons that submit nothing',
    '<button type=button name=a value=1>A</button><button type=reset name=b>B</button><input type=button name=c value=1><input type=reset name=d>',
    [],
  ],
  [
    'nothing of suggestions, templates and outputs',
    '<datalist><input name=a></datalist><template><input name=b></template><output name=c>1</output>',
    [],
  ],
  ['what stands in noscript', '<noscript><input name=a value=1></noscript>', ['a=1']],
]

describe('a form sends', () => {
  for (const [fact, html, sent] of stories) {
    it(fact, () => assert.deepEqual(entries(`<form id=f>${html}</form>`), sent))
  }

  it('controls that name it, wherever they stand, in the order of the page', () => {
    const html =
      '<input name=a form=f><form id=f><input name=b><input name=c form=g></form><form id=g><input name=d form=f></form>'
    assert.deepEqual(entries(html), ['a=', 'b=', 'd='])
  })

  it('nothing of controls that name a form that is not there', () => {
    assert.deepEqual(entries('<form id=f><input name=a form=none><input name=b form=""></form>'), [])
  })
})
