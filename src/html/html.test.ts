import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type HtmlValue, html, raw } from './html.ts'

const evil = `"><script>alert('1')</script>&`
const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;'

describe('text in an html template', () => {
  it('is escaped', () => {
    assert.equal(String(html`<p>${evil}</p>`), `<p>${escaped}</p>`)
  })

  it('is escaped even if only one character asks for it', () => {
    for (const [character, reference] of Object.entries({
      '&': '&amp;',
      '<': '&lt;',
      '>': '&gt;',
      '"': '&quot;',
      "'": '&#39;',
    })) {
      assert.equal(
        String(html`<p title='a ${character}'>${character}</p>`),
        `<p title='a ${reference}'>${reference}</p>`,
      )
    }
  })

  it('is not escaped twice when markup is put into markup', () => {
    const item = html`<b>${'a & b'}</b>`
    assert.equal(String(html`<p>${item}</p>`), '<p><b>a &amp; b</b></p>')
  })

  it('shows numbers, joins lists, and shows nothing for nothing', () => {
    assert.equal(String(html`${1}${-0.5}${10n}`), '1-0.510')
    assert.equal(String(html`<ul>${['<', 2, [html`<b>3</b>`, null]]}</ul>`), '<ul>&lt;2<b>3</b></ul>')
    assert.equal(String(html`${null}${undefined}${true}${false}${''}${[]}`), '')
  })

  it('is taken as it is from raw', () => {
    assert.equal(String(html`${raw('<hr>&')}`), '<hr>&')
  })

  it('shows what can show itself as HTML, and believes nobody who only has the name for it', () => {
    assert.equal(String(html`${{ toHtml: () => html`<form></form>` }}`), '<form></form>')
    const liar = { toHtml: () => '<script>' } as unknown as HtmlValue // as JSON from a stranger might be shaped
    assert.throws(() => html`${liar}`, { code: 'html/value' })
    assert.throws(() => html`${JSON.parse('{"toHtml":"<script>"}')}`, { code: 'html/value' })
  })

  it('keeps a line feed at its start where browsers drop the first one', () => {
    assert.equal(String(html`<textarea>${'\nfirst'}</textarea>`), '<textarea>\n\nfirst</textarea>')
    assert.equal(String(html`<TEXTAREA name=a>${'\nfirst'}</TEXTAREA>`), '<TEXTAREA name=a>\n\nfirst</TEXTAREA>')
    assert.equal(String(html`<pre>${'\nfirst'}</pre>`), '<pre>\n\nfirst</pre>')
    assert.equal(String(html`<textarea>\n${'a'}</textarea>`), '<textarea>\na</textarea>')
    assert.equal(String(html`<pre>${'a'}${'\nb'}</pre>`), '<pre>\na\nb</pre>')
    assert.equal(String(html`<textarea>a${'\n'}</textarea>`), '<textarea>a\n</textarea>')
    assert.equal(String(html`<textarea></textarea>${'\n'}`), '<textarea></textarea>\n')
  })
})

describe('a value that HTML cannot show is refused by its kind', () => {
  const values: Record<string, readonly [value: unknown, message: RegExp]> = {
    'a date': [new Date(0), /kind Date .*Turn it into text first/],
    'a promise': [Promise.resolve('a'), /kind Promise .*Await it first/],
    'a function': [() => 'a', /kind function .*Call it first/],
    'an object': [{ name: 'a' }, /kind Object .*Name the part of it/],
    'an object without a prototype': [Object.create(null), /kind object /],
    'a symbol': [Symbol('a'), /kind symbol /],
    'a map': [new Map(), /kind Map /],
  }
  for (const [what, [value, message]] of Object.entries(values)) {
    it(`${what}: in text, in an attribute and in a URL`, () => {
      const refused = { code: 'html/value', message }
      const shown = value as HtmlValue // what a program without types may pass
      assert.throws(() => html`<p>${shown}</p>`, refused)
      assert.throws(() => html`<p title="${shown}"></p>`, refused)
      assert.throws(() => html`<p title="a ${shown}"></p>`, refused)
      assert.throws(() => html`<a href="${shown}"></a>`, refused)
      assert.throws(() => html`<p>${[[shown]]}</p>`, refused)
    })
  }
})

describe('an attribute in an html template', () => {
  it('is escaped, in quotes of either kind or in none', () => {
    assert.equal(String(html`<p title="${evil}">`), `<p title="${escaped}">`)
    assert.equal(String(html`<p title='${evil}'>`), `<p title="${escaped}">`)
    assert.equal(String(html`<p title=${evil}>`), `<p title="${escaped}">`)
    assert.equal(String(html`<p title='a ${evil} b'>`), `<p title='a ${escaped} b'>`)
  })

  it('keeps its spelling and what stands around it', () => {
    assert.equal(String(html`<svg  viewBox = "${'0 0 1 1'}" id=a>`), '<svg viewBox="0 0 1 1" id=a>')
    assert.equal(String(html`<input value=${'a'}/>`), '<input value="a"/>')
    assert.equal(String(html`<input value=${'a'} disabled>`), '<input value="a" disabled>')
    assert.equal(String(html`<input\n  value=${'a'}\n  id="b">`), '<input value="a"\n  id="b">')
    assert.equal(String(html`<p title="a"class="${'b'}">`), '<p title="a" class="b">')
  })

  it('is left out for nothing, and has no value for true', () => {
    const input = (disabled: boolean | null | undefined) => String(html`<input disabled=${disabled}>`)
    assert.equal(input(true), '<input disabled>')
    for (const nothing of [false, null, undefined]) assert.equal(input(nothing), '<input>')
    assert.equal(String(html`<input disabled="${false}" id="a">`), '<input id="a">')
    assert.equal(String(html`<input disabled=${true}/>`), '<input disabled/>')
    assert.equal(String(html`<p title=${''}>`), '<p title="">')
  })

  it('does not join what stands around it when it is left out', () => {
    assert.equal(String(html`<input disabled=${false} required>`), '<input required>')
    assert.equal(String(html`<input value="${null}"required>`), '<input required>')
    assert.equal(String(html`<input value=${null}${raw('required')}>`), '<input required>')
    assert.equal(String(html`<input value=${null}/>`), '<input/>')
  })

  it('says true and false if its name begins with aria- or data-', () => {
    assert.equal(String(html`<p aria-busy=${true} data-on=${false}>`), '<p aria-busy="true" data-on="false">')
    assert.equal(String(html`<p aria-busy=${null} data-on=${undefined}>`), '<p>')
  })

  it('shows nothing for nothing where it is only a part', () => {
    assert.equal(String(html`<p class="a ${null}${false}${true}">`), '<p class="a ">')
  })

  it('joins a list', () => {
    assert.equal(String(html`<p class="${['a', ' "b']}">`), '<p class="a &quot;b">')
  })

  it('holds markup as the text it shows, and is not ended by it', () => {
    assert.equal(
      String(html`<p title="${html`<b>a &amp; "b"</b>`}">`),
      '<p title="&lt;b>a &amp; &quot;b&quot;&lt;/b>">',
    )
    assert.equal(String(html`<p title="${raw(`'"><img>`)}">`), '<p title="&#39;&quot;>&lt;img>">')
  })

  it('srcdoc holds a document: markup as it is, text escaped once more', () => {
    assert.equal(
      String(html`<iframe srcdoc="${html`<p>${'<'}</p>`}"></iframe>`),
      '<iframe srcdoc="&lt;p&gt;&amp;lt;&lt;/p&gt;"></iframe>',
    )
    assert.equal(String(html`<iframe srcdoc=${'<b>'}></iframe>`), '<iframe srcdoc="&amp;lt;b&amp;gt;"></iframe>')
    assert.throws(() => html`<iframe srcdoc="<script>${'alert(1)'}</script>"></iframe>`, { code: 'html/place' })
  })

  it('style takes numbers, and what its author vouches for', () => {
    assert.equal(String(html`<p style="width: ${40}%">`), '<p style="width: 40%">')
    assert.equal(String(html`<p style="${raw('color: "red"')}">`), '<p style="color: &quot;red&quot;">')
    assert.equal(String(html`<p style=${null}>`), '<p>')
    for (const value of ['red', ['red'], html`${'red'}`] as const) {
      assert.throws(() => html`<p style="color: ${value}">`, { code: 'html/place' })
      assert.throws(() => html`<p style=${value}>`, { code: 'html/place' })
    }
  })
})

describe('ready-made attributes between those of a tag', () => {
  it('are what raw vouches for or a template writes out, or nothing', () => {
    assert.equal(String(html`<input ${raw('required')}>`), '<input required>')
    assert.equal(String(html`<input ${html`minlength="2"`} id=a>`), '<input minlength="2" id=a>')
    assert.equal(String(html`<input id=a ${null}${undefined}${false}${''}>`), '<input id=a >')
  })

  it('are never text, nor markup with a value in it', () => {
    const typed = 'onclick=alert(1)'
    for (const value of [typed, [typed], 1, true, html`${typed}`, html`href="${typed}"`, { toHtml: () => html`a` }]) {
      assert.throws(() => html`<p ${value as HtmlValue}>`, { code: 'html/place' })
    }
  })
})

describe('inside script and style', () => {
  it('only what raw vouches for may stand, or a template without values', () => {
    assert.equal(String(html`<script>${raw('a < b && "c"')}</script>`), '<script>a < b && "c"</script>')
    assert.equal(String(html`<style>${html`p { margin: 0 }`}</style>`), '<style>p { margin: 0 }</style>')
  })

  it('text is refused, and so is markup that only html has made safe', () => {
    for (const value of ['alert(1)', 1n, null, html`${'alert(1)'}`, ['a']]) {
      assert.throws(() => html`<script>${value}</script>`, { code: 'html/place', message: /inside <script>/ })
    }
    assert.throws(() => html`<style>p { color: ${'red'} }</style>`, { code: 'html/place', message: /inside <style>/ })
  })

  it('a number may stand in style', () => {
    assert.equal(String(html`<style>p { margin: ${2}px }</style>`), '<style>p { margin: 2px }</style>')
  })
})
