import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cleanDefault } from './default-values.ts'
import { elementsIn, parseHtml } from './tree.ts'

const holds: [input: string, value: string][] = [
  ['type=email value=" a@b.example "', 'a@b.example'],
  ['type=email multiple value=" a@b.example , c@d.example "', 'a@b.example,c@d.example'],
  ['type=url value=" https://a.example\n"', 'https://a.example'],
  ['type=number value=1e3', '1e3'],
  ['type=number value=-.5', '-.5'],
  ['type=number value=+1', ''],
  ['type=number value=1.', ''],
  ['type=number value=abc', ''],
  ['type=range', '50'],
  ['type=range value=500', '100'],
  ['type=range min=10 max=20', '15'],
  ['type=range min=10 max=5', '10'],
  ['type=range max=5', '3'],
  ['type=range value=5.5', '5.5'],
  ['type=range value=5.5 min=1', '6'],
  ['type=range min=2 max=7 step=3 value=7', '5'],
  ['type=range max=5 step=any', '2.5'],
  ['type=color', '#000000'],
  ['type=color value=#ABCDEF', '#abcdef'],
  ['type=date value=2030-01-02', '2030-01-02'],
  ['type=date value=tomorrow', ''],
  ['type=time value=12:30', '12:30'],
  ['type=month value=2030-01', '2030-01'],
  ['type=week value=2030-W05', '2030-W05'],
  ['type=datetime-local value="2030-01-02 03:04"', '2030-01-02T03:04'],
  ['type=text value="two\nlines"', 'twolines'],
]

describe('before anybody types, an input holds', () => {
  for (const [input, value] of holds) {
    it(`${JSON.stringify(value)} with ${input.replace('\n', '\\n')}`, () => {
      const element = [...elementsIn(parseHtml(`<input ${input}>`))].find(({ tagName }) => tagName === 'input')
      assert.ok(element)
      assert.equal(cleanDefault(element, element.attrs.find(({ name }) => name === 'type')?.value ?? ''), value)
    })
  }
})
