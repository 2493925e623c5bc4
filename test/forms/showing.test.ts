import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Form, form } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { type Demand, libraries } from './libraries.ts'
import { appWith, assertValidHtml } from './support.ts'

/** What stands in the form, without labels and layout: the controls alone. */
async function controlsOf(shown: Form): Promise<string> {
  const { html } = await browser(appWith(shown as Form<Form['schema'], 'post'>)).open('/')
  await assertValidHtml(html)
  const inside = html
    .slice(html.indexOf('<form'), html.indexOf('<button'))
    .replace(/<input type="hidden" name="_token"[^>]*>/, '')
  return (inside.match(/<(?:input|select|textarea)[^>]*>(?:.*?<\/(?:select|textarea)>)?/gs) ?? []).join('')
}

const named = 'id="form-value" name="value"'

const controls: Readonly<Record<Demand, string>> = {
  'text from 1 to 40 characters, trimmed': `<input type="text" ${named} maxlength="40" required value="">`,
  'text that may be missing': `<input type="text" ${named} value="">`,
  'text or null': `<input type="text" ${named} value="">`,
  'number from 1 to 9': `<input type="number" ${named} step="any" min="1" max="9" required value="">`,
  'number that may be missing': `<input type="number" ${named} step="any" value="">`,
  'number or null': `<input type="number" ${named} step="any" value="">`,
  'whole number': `<input type="number" ${named} step="1" required value="">`,
  'big whole number': `<input type="text" ${named} inputmode="numeric" required value="">`,
  date: `<input type="date" ${named} required value="">`,
  'date that may be missing': `<input type="date" ${named} value="">`,
  email: `<input type="email" ${named} required value="">`,
  url: `<input type="url" ${named} required value="">`,
  'yes or no': `<input type="checkbox" ${named}>`,
  yes: `<input type="checkbox" ${named} required>`,
  'a or b': `<select ${named} required><option value="">Choose…</option><option value="a">a</option><option value="b">b</option></select>`,
  'a or b, or missing': `<select ${named}><option value="">—</option><option value="a">a</option><option value="b">b</option></select>`,
  'a or b, or null': `<select ${named}><option value="">—</option><option value="a">a</option><option value="b">b</option></select>`,
  'small or large, as a union': `<select ${named} required><option value="">Choose…</option><option value="small">small</option><option value="large">large</option></select>`,
  '1 or 2, as numbers': `<select ${named} required><option value="">Choose…</option><option value="1">1</option><option value="2">2</option></select>`,
  'list of text': '<input type="text" id="form-value-1" name="value" value="" aria-label="Value 1">',
  'list of numbers': '<input type="number" id="form-value-1" name="value" step="any" value="" aria-label="Value 1">',
  'any of a, b and c':
    '<input type="checkbox" id="form-value-1" name="value" value="a"><input type="checkbox" id="form-value-2" name="value" value="b"><input type="checkbox" id="form-value-3" name="value" value="c">',
  address:
    '<input type="text" id="form-value-city" name="value.city" required value=""><input type="text" id="form-value-zip" name="value.zip" value="">',
  'address that may be missing':
    '<input type="text" id="form-value-city" name="value.city" value=""><input type="text" id="form-value-zip" name="value.zip" value="">',
  'address or null':
    '<input type="text" id="form-value-city" name="value.city" value=""><input type="text" id="form-value-zip" name="value.zip" value="">',
  rows: '<input type="text" id="form-value-0-sku" name="value.0.sku" value=""><input type="number" id="form-value-0-qty" name="value.0.qty" step="1" min="1" value="">',
  'text with a default': `<input type="text" ${named} value="">`,
  'text that becomes its length': `<input type="text" ${named} value="">`,
  'two objects in one':
    '<input type="text" id="form-value-one" name="value.one" value=""><input type="number" id="form-value-two" name="value.two" step="any" required value="">',
}

// arktype says nothing of what a text is after a morph, and sorts what it is given.
const controlsOfArktype: Partial<Record<Demand, string>> = {
  'text from 1 to 40 characters, trimmed': `<input type="text" ${named} value="">`,
  'small or large, as a union': `<select ${named} required><option value="">Choose…</option><option value="large">large</option><option value="small">small</option></select>`,
  rows: '<input type="number" id="form-value-0-qty" name="value.0.qty" step="1" min="1" value=""><input type="text" id="form-value-0-sku" name="value.0.sku" value="">',
}

for (const { name, schemas } of libraries) {
  describe(`showing a form for the first time, with ${name}`, () => {
    for (const demand of Object.keys(controls) as Demand[]) {
      it(`asks for ${demand} in valid HTML`, async () => {
        const expected = name === 'arktype' ? controlsOfArktype[demand] : undefined
        assert.equal(await controlsOf(form(schemas[demand])), expected ?? controls[demand])
      })
    }
  })
}
