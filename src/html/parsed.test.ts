import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parse, parseFragment } from 'parse5'
import { type Html, html } from './html.ts'

type TreeNode = DefaultTreeAdapterTypes.Node

/** An element as a browser sees it. */
interface Seen {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (Seen | string)[]
}

function element(name: string, attributes: Seen['attributes'], ...children: Seen['children']): Seen {
  return { name, attributes, children }
}

/** What a browser makes of markup in the body of a page. Scripts are off, so that noscript holds markup. */
function seen(markup: Html): (Seen | string)[] {
  return parseFragment(String(markup), { scriptingEnabled: false }).childNodes.map(see)
}

function see(node: TreeNode): Seen | string {
  if ('value' in node) return node.value
  if (!('tagName' in node)) return node.nodeName
  const attributes = Object.fromEntries(
    node.attrs.map(({ name, value, prefix }) => [prefix ? `${prefix}:${name}` : name, value]),
  )
  return element(node.tagName, attributes, ...node.childNodes.map(see))
}

/** A text as it comes out of an HTML parser: one kind of line end, and no NUL.  WHATWG HTML §13.2.3.5 */
function parsed(text: string, nul: '' | '\ufffd'): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', nul)
}

const evil = fc.constantFrom(
  '<script>alert(1)</script>',
  '</textarea><img src=x onerror=alert(1)>',
  '</title><svg onload=alert(1)>',
  '"><img src=x onerror=alert(1)>',
  "'><img src=x onerror=alert(1)>",
  '` onmouseover=alert(1)',
  '--><script>',
  ']]><script>',
  '<!--',
  '</',
  '<',
  '&lt;script&gt;',
  '&#60;',
  '&amp',
  '&',
  'javascript:alert(1)',
  'java&Tab;script:alert(1)',
  '\n\n',
  '\r\nx',
  '\0<\0',
  '\u2028',
  '\ud800',
)
const piece = fc.oneof(
  evil,
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(...`<>"'&/= \n\r\t\0a`) }),
)
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
const runs = { numRuns: 1500 }

/** The text of an element that has that text and nothing else; '' for none. */
function only(text: string): string[] {
  return text === '' ? [] : [text]
}

describe('a parser that is not ours sees exactly the elements, attributes and texts that were meant', () => {
  it('in an element and a quoted attribute', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const expected = element('p', { title: parsed(a, '\ufffd') }, ...only(parsed(b, '')))
        assert.deepEqual(seen(html`<p title="${a}">${b}</p>`), [expected])
        assert.deepEqual(seen(html`<p title='${a}'>${b}</p>`), [expected])
        assert.deepEqual(seen(html`<p title='${a}${''}'>${b}</p>`), [expected])
      }),
      runs,
    )
  })

  it('in a textarea, first line feed included, and in a title', () => {
    fc.assert(
      fc.property(text, (a) => {
        assert.deepEqual(seen(html`<textarea>${a}</textarea>`), [element('textarea', {}, ...only(parsed(a, '\ufffd')))])
        assert.deepEqual(seen(html`<title>${a}</title>`), [element('title', {}, ...only(parsed(a, '\ufffd')))])
      }),
      runs,
    )
  })

  it('in pre, first line feed included', () => {
    fc.assert(
      fc.property(text, (a) =>
        assert.deepEqual(seen(html`<pre>${a}</pre>`), [element('pre', {}, ...only(parsed(a, '')))]),
      ),
      runs,
    )
  })

  it('in an attribute without quotes, alone or among others', () => {
    fc.assert(
      fc.property(text, (a) => {
        const value = parsed(a, '\ufffd')
        assert.deepEqual(seen(html`<input value=${a}>`), [element('input', { value })])
        assert.deepEqual(seen(html`<input name=n value=${a} required>`), [
          element('input', { name: 'n', value, required: '' }),
        ])
        assert.deepEqual(seen(html`<input class="a ${a} b" value=${a}/>`), [
          element('input', { class: `a ${value} b`, value }),
        ])
      }),
      runs,
    )
  })

  it('in a link, whose address is the text or leads nowhere, and never runs', () => {
    fc.assert(
      fc.property(text, (a) => {
        const [link] = seen(html`<a href="${a}">`)
        assert.ok(typeof link === 'object')
        const { href = '' } = link.attributes
        assert.deepEqual(link, element('a', { href }))
        assert.ok(href === parsed(a, '\ufffd') || href === 'about:invalid#blocked', href)
        const scheme = URL.canParse(href, 'http://x') ? new URL(href, 'http://x').protocol : 'none'
        assert.ok(['http:', 'https:', 'mailto:', 'tel:', 'sms:', 'about:', 'none'].includes(scheme), scheme)
      }),
      runs,
    )
  })

  it('in a document inside an attribute', () => {
    fc.assert(
      fc.property(text, (a) => {
        const [frame] = seen(html`<iframe srcdoc="${html`<p title="${a}">${a}</p>`}"></iframe>`)
        assert.ok(typeof frame === 'object')
        const { srcdoc = '' } = frame.attributes
        const [inner] = parseFragment(srcdoc).childNodes.map(see)
        assert.deepEqual(inner, element('p', { title: parsed(a, '\ufffd') }, ...only(parsed(a, '\ufffd'))))
      }),
      runs,
    )
  })
})

// Any text may be a template. Where the reader of templates and the parser disagree about what is a tag, some value gets out.
describe('a template made of any pieces of HTML', () => {
  const pieces = fc.array(
    fc.constantFrom(
      ...[
        '<a ',
        '<p ',
        '<p>',
        '</p>',
        '<b',
        '<i/>',
        '<td>',
        '<option>',
        '<pre>',
        '<A HREF="',
        '<template>',
        '</template>',
      ],
      ...[
        'href=',
        'href =',
        'title=',
        'title = ',
        'onclick=',
        'on',
        'style=',
        'srcdoc=',
        'class',
        'javascript:',
        '?q=',
        '#',
      ],
      ...['"', "'", '``', '>', '/>', '<', '</', '=', ' ', '\n', '\t', '\f', '/', '&', '&amp;', 'a', 'x', '-', '->'],
      ...['<!--', '-->', '--!>', '!>', '<!', '<?', '<!doctype html>', '<set to=', '<noscript>', '</noscript>'],
      ...['<script>', '</script>', '</script ', '</scripty>', '<SCRIPT>', '</SCRIPT>', '<style>', '</style>'],
      ...[
        '<title>',
        '</title>',
        '<textarea>',
        '</textarea>',
        '</textareas>',
        '<xmp>',
        '</xmp>',
        '<iframe>',
        '</iframe>',
      ],
    ),
    { minLength: 1, maxLength: 6 },
  )
  const templates = fc.array(
    pieces.map((some) => some.join('')),
    { minLength: 2, maxLength: 3 },
  )
  const attacks = [
    '<img src=x onerror=y>',
    '"><img src=x>',
    "'><img src=x>",
    '--><img>',
    '</script><img>',
    '</title><img>',
    '</textarea><img>',
    ' onclick=x ',
    '" onclick=x "',
    "' onclick=x '",
    '>',
    '<',
    '/',
    '=',
    'script>x',
    '/textarea ',
    '!--',
    '\nx',
    ' ',
    '`',
  ]

  function shown(strings: readonly string[], value: string): Html | null {
    try {
      return html(Object.assign([...strings], { raw: strings }), ...strings.slice(1).map(() => value))
    } catch {
      return null
    }
  }

  /** Elements and names of attributes, without texts. */
  function bones(node: TreeNode): unknown {
    const children = 'childNodes' in node ? node.childNodes.filter(({ nodeName }) => nodeName !== '#text') : []
    const content = 'content' in node ? [bones(node.content)] : []
    const names = 'attrs' in node ? node.attrs.map(({ name }) => name) : []
    return [node.nodeName, names, ...children.map(bones), ...content]
  }

  /** Where a text stands though no escaping makes it safe there, or `null`. */
  function misplaced(node: TreeNode, text: string): string | null {
    if ('data' in node && node.data.includes(text)) return 'a comment'
    if ('attrs' in node) {
      const bad = node.attrs.find(({ name, value }) => /^(?:on|style$)/.test(name) && value.includes(text))
      if (bad !== undefined) return bad.name
    }
    const raw = ['script', 'style', 'xmp', 'iframe'].includes(node.nodeName)
    const children = 'childNodes' in node ? node.childNodes : []
    if (raw && children.some((child) => 'value' in child && child.value.includes(text))) return node.nodeName
    const inner = 'content' in node ? [node.content, ...children] : children
    return inner.map((child) => misplaced(child, text)).find((found) => found !== null) ?? null
  }

  it('is refused, or has each value where escaping makes it safe, and keeps its bones whatever the values are', () => {
    let accepted = 0
    fc.assert(
      fc.property(templates, (strings) => {
        const markup = shown(strings, 'harmless')
        if (markup === null) return
        accepted++
        for (const scriptingEnabled of [true, false]) {
          const read = (from: Html) => parseFragment(String(from), { scriptingEnabled })
          assert.equal(misplaced(read(markup), 'harmless'), null, String(markup))
          assert.equal(misplaced(parse(String(markup), { scriptingEnabled }), 'harmless'), null, String(markup))
          for (const attack of attacks) {
            const attacked = shown(strings, attack)
            if (attacked !== null) assert.deepEqual(bones(read(attacked)), bones(read(markup)), String(attacked))
          }
        }
      }),
      { numRuns: 3000 },
    )
    assert.ok(accepted > 300, `only ${accepted} templates were accepted`)
  })
})
