import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { html, raw } from './html.ts'
import { readTemplate } from './template.ts'

/** How the place of `…` in a template is made safe: `text`, `attribute title text`, `raw-text script`, … */
function placeIn(template: string): string {
  const place = readTemplate(template.split('…')).places.at(-1)
  switch (place?.kind) {
    case 'attribute':
    case 'whole-attribute':
      return `${place.kind} ${place.name} ${place.holds.kind}`
    case 'raw-text':
      return `raw-text ${place.element}`
    default:
      return String(place?.kind)
  }
}

describe('a value stands', () => {
  const places = {
    text: [
      '…',
      '<p>…</p>',
      '<p title=">">…</p>',
      "<p title='>'>…</p>",
      '<p title="a" class=b>…</p>',
      '<p title=a"b>…</p>',
      '<br/>…',
      '<!doctype html>…',
      '<!DOCTYPE html PUBLIC "a>…',
      '<!-- > -->…',
      '<!-->…',
      '<!--->…',
      '<!-- a --!>…',
      '<!-- a -- b --->…',
      '<?php echo "a>…',
      '<!a=">…',
      '</ not a tag="a>…',
      '</>…',
      '</p="a>…',
      'a < b …',
      'a <3 …',
      '1<2…',
      '<script></script>…',
      '<script>if (a</script b>…',
      '<SCRIPT>a</Script >…',
      '<script>"</scripty>"</script>…',
      '<script><!-- <script></script> --></script>…',
      '<script><!-- <script></script></script>…',
      '<script><!--></script>…',
      '<script><!-- --><script></script>…',
      '<style>a</style>…',
      '<title>…</title>',
      '<title></title>…',
      '<title><p title="</title>…',
      '<textarea>…</textarea>',
      '<textarea><!--</textarea>…',
      '<textarea></textareas></textarea>…',
      '<textarea><p title="</textarea>…',
      '<iframe><a title="</iframe>…',
      '<svg><title>…</title></svg>',
      '<a\u00a0b>…',
    ],
    tag: ['<p …>', '<p class="a" …>', '<p hidden …>', '<p class=a …>', '<p class=… …>', '<p/…>'],
    'attribute title text': [
      '<p title=" …">',
      "<p title='>…'>",
      '<p title = "a…">',
      '<p title="……">',
      '</p title="a…">',
    ],
    'whole-attribute title text': [
      '<p title=…>',
      '<p title="…">',
      "<p title='…'>",
      '<p title= …>',
      '<p title\n=\n"…">',
      '<P TITLE="…">',
      '<p/title="…">',
      '<p class=a/b title=…>',
      '<script title="…"></script>',
    ],
    'whole-attribute href url': ['<a href="…">', '<A HREF=…>', '<svg:a href=…>', '<p/href=…>', '<p x="y"href=…>'],
    'whole-attribute xlink:href url': ['<svg><a xlink:href="…"></a></svg>', '<a XLINK:HREF=…>'],
    'attribute href url': ['<a href="/…">', '<a href=" …">', '<a href="?a=…">'],
    'attribute href open-url': ['<a href="…/…">', '<a href="……">', "<a href='/a/…?…'>"],
    'whole-attribute style numbers': ['<p style=…>', '<p STYLE="…">'],
    'whole-attribute to numbers': ['<svg><set attributeName=href to=…></set></svg>'],
    'whole-attribute values numbers': ['<svg><animate values="…"/></svg>'],
    'whole-attribute srcdoc document': ['<iframe srcdoc=…></iframe>'],
    'raw-text script': [
      '<script>…</script>',
      '<script src="a">…</script>',
      '<script/>…</script>',
      '<script></scripty>…</script>',
    ],
    'raw-text style': ['<STYLE>…</STYLE>'],
    'raw-text xmp': ['<xmp>…</xmp>'],
  }
  for (const [place, templates] of Object.entries(places)) {
    for (const template of templates) {
      it(`as ${place} in ${JSON.stringify(template)}`, () => assert.equal(placeIn(template), place))
    }
  }
})

describe('a template is refused', () => {
  const refused = {
    'with a value in a comment': ['<!--…-->', '<!-- <p>…</p> -->', '<!-- a --! > …-->', '<!--!>…-->', '<!---!>…-->'],
    'with a value in a declaration': ['<!doctype …>', '<!doctype html "…">', '<?xml …?>', '</ …>'],
    'with a value in a name': [
      '<…>',
      '</…>',
      '<p…>',
      '<h…>',
      '<p on…="a">',
      '<p …a="b" c…>',
      'a <…',
      '<p "…">',
      '<a href="a"on…>',
      '</script…>',
    ],
    'with a value in part of an unquoted attribute': [
      '<a href=/x/…>',
      '<a href=…/x>',
      '<p class=a…>',
      '<p class=…b>',
      '<p class=…"">',
      '<p class=\u00a0…>',
    ],
    'with a value in an event handler': [
      '<p onclick="…">',
      '<p onclick=…>',
      '<P ONCLICK="a(…)">',
      "<p onclick = '…'>",
      '<p onclick\n="…">',
      '<p class="a"onclick="…">',
      '<p/onclick=…>',
      '<svg onload=…>',
      '<p hx-on:click="…">',
      '<p data-hx-on:click="…">',
    ],
    'with a value in an attribute whose name has a quote in it, as when one is left open': [
      `<a title='a''onclick=…>`,
      '<a "href=…>',
      '<a x"href="…">',
      '<a <href=…>',
    ],
    'with an equals sign where a name should be': ['<a =href=…>', "<p onclick …='a>…'>"],
    'with a value in a script URL': [
      '<a href="javascript:…">',
      '<a href=" JavaScript:a(…)">',
      '<a href="java\nscript:…">',
      '<iframe src="data:text/html,…"></iframe>',
      '<a href="vbscript:…">',
    ],
    'with a value after something like a tag in an element that holds text': [
      '<title><…</title>',
      '<textarea></…</textarea>',
      '<textarea></text…</textarea>',
      '<title><a href="…"></title>',
      '<svg><title><a href="…"></a></title></svg>',
    ],
    'with a CDATA section': ['<svg><![CDATA[ > …]]></svg>', '<![CDATA[a]]>'],
    'that ends in the middle of something': [
      '<p',
      '<p title="a',
      '<p title=',
      '<p title=…',
      '<!-- a',
      '<!doctype html',
      '<script>',
      '<script>a',
      '<script><!-- <script></script>',
      '<script>a</script',
      '<style>',
      '<title>a',
      '<textarea>…',
      '<plaintext>',
      'a <',
      'a </',
    ],
  }
  for (const [how, templates] of Object.entries(refused)) {
    for (const template of templates) {
      it(`${how}: ${JSON.stringify(template)}`, () => assert.throws(() => placeIn(template), { code: 'html/place' }))
    }
  }

  it('each time it is shown, not only the first time', () => {
    const show = (value: string) => html`<p onclick="${value}">`
    for (const value of ['a', 'b']) assert.throws(() => show(value), { code: 'html/place' })
  })

  it('with words that say what to do', () => {
    assert.throws(() => html`<a href=/x/${1}>`, {
      message: 'A value is part of an unquoted attribute. Put quotes around the whole attribute. [html/place]',
    })
    assert.throws(() => html`<p onclick="${1}">`, { message: /event handler onclick\. Put it in a data- attribute/ })
    assert.throws(() => html`<script>${raw('a')}`, { message: /ends inside <script>\. Close it/ })
  })
})
