import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseHtml } from './tree.ts'
import { titleOf, visibleText } from './visible-text.ts'

const stories: [fact: string, html: string, text: string][] = [
  ['folds white space', '<p>  one\n\t two&nbsp; three</p>', 'one two three'],
  ['parts blocks and cells', '<h1>one</h1><p>two</p><table><tr><td>3<td>4</table>five<br>six', 'one two 3 4 five six'],
  ['joins what runs on in a line', '<p>t<b>w</b>o, <a href=/>three</a>.</p>', 'two, three.'],
  ['parts buttons', '<button>Save</button><button>Cancel</button>', 'Save Cancel'],
  [
    'leaves out the head, scripts, styles and templates',
    '<title>t</title><style>s</style><script>x</script><template>y</template>z',
    'z',
  ],
  [
    'leaves out what is hidden',
    '<p hidden>one</p><p>two</p><dialog>three</dialog><dialog open>four</dialog>',
    'two four',
  ],
  [
    'leaves out closed details, not their summary',
    '<details><summary>more</summary>less</details><details open>open</details>',
    'more open',
  ],
  [
    'leaves out what controls hold',
    '<label>Name <input value=x></label><textarea>y</textarea><select><option>z</select>',
    'Name',
  ],
  ['reads what is for those without scripts', '<noscript><p>No scripts</p></noscript>', 'No scripts'],
]

describe('visible text', () => {
  for (const [fact, html, text] of stories) {
    it(fact, () => assert.equal(visibleText(parseHtml(html)), text))
  }
})

describe('the title', () => {
  it('is that of the page, not of a drawing', () => {
    assert.equal(titleOf(parseHtml('<svg><title>Logo</title></svg><title> My\n page </title>')), 'My page')
  })

  it('is empty when there is none', () => {
    assert.equal(titleOf(parseHtml('<p>x</p>')), '')
  })
})
