import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { html, raw } from './html.ts'
import { blockedUrl } from './url-place.ts'

function hrefOf(markup: unknown): string {
  return /href="([^"]*)"/.exec(String(markup))?.[1]?.replaceAll('&amp;', '&').replaceAll('&#39;', "'") ?? ''
}

const scriptUrls = [
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' javascript:alert(1)',
  '\x01\x1f javascript:alert(1)',
  '\0javascript:alert(1)',
  'java\tscript:alert(1)',
  'java\r\nscript:alert(1)',
  '\tjavascript\n:alert(1)',
  'javascript://a.example/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'DATA:text/html;base64,PHNjcmlwdD4=',
  'vbscript:msgbox(1)',
  'blob:https://a.example/1',
  'file:///etc/passwd',
  'view-source:javascript:alert(1)',
]

describe('a whole URL', () => {
  for (const url of scriptUrls) {
    it(`is blocked: ${JSON.stringify(url)}`, () => {
      assert.equal(hrefOf(html`<a href="${url}">`), blockedUrl)
      assert.equal(hrefOf(html`<a href=${url}>`), blockedUrl)
      assert.equal(hrefOf(html`<a href=" ${url}">`), ` ${blockedUrl}`)
    })
  }

  for (const url of [
    '',
    '/a/b?c=d&e#f',
    '//cdn.example/a.js',
    'a:b'.replace('a', 'https'),
    'https://a.example/javascript:x',
    'HTTP://a.example',
    'mailto:a@b.example?subject=c',
    'tel:+49301234',
    'sms:+49301234',
    'a/b:c',
    './javascript:x',
    '?javascript:x',
    '#javascript:x',
    '&#106;avascript:x',
    'javascript%3Ax',
    '1a:b',
    'ünder:line',
  ]) {
    it(`is kept as it is: ${JSON.stringify(url)}`, () => assert.equal(hrefOf(html`<a href="${url}">`), url))
  }

  it('is one URL when it is given as a list', () => {
    assert.equal(hrefOf(html`<a href="${['javascript', ':alert(1)']}">`), blockedUrl)
    assert.equal(hrefOf(html`<a href="${['/a/', [1, null]]}">`), '/a/1')
  })

  it('is judged in every attribute that a browser follows', () => {
    const url = 'javascript:alert(1)'
    for (const markup of [
      html`<form action="${url}">`,
      html`<button formaction=${url}>`,
      html`<iframe src='${url}'></iframe>`,
      html`<object data="${url}">`,
      html`<svg><a xlink:href="${url}"></a></svg>`,
      html`<svg><use HREF=${url}></use></svg>`,
      html`<video poster="${url}">`,
      html`<base href=${url}>`,
    ]) {
      assert.match(String(markup), /="about:invalid#blocked"/)
      assert.doesNotMatch(String(markup), /javascript/)
    }
  })

  it('is never markup, for nobody would look at its scheme', () => {
    const user = 'javascript:alert(1)'
    assert.throws(() => html`<a href="${html`${user}`}">`, { code: 'html/place', message: /Markup stands in href/ })
    assert.throws(() => html`<a href="/${[html`${user}`]}">`, { code: 'html/place' })
    assert.throws(() => html`<a href=${{ toHtml: () => html`${user}` }}>`, { code: 'html/place' })
  })

  it('is what its author vouches for', () => {
    assert.equal(
      String(html`<img src="${raw('data:image/png;base64,"AA')}">`),
      '<img src="data:image/png;base64,&quot;AA">',
    )
  })
})

describe('a part of a URL', () => {
  const parts: readonly (readonly [string, unknown, string])[] = [
    ['is one name or value after a question mark', html`<a href="/?q=${'a&b=c#d/é'}">`, '/?q=a%26b%3Dc%23d%2F%C3%A9'],
    ['is one value in the fragment', html`<a href="#${'a"b#c'}">`, '#a%22b%23c'],
    ['is one value after a question mark in an earlier value', html`<a href="${'/?a=b'}&c=${'d&e'}">`, '/?a=b&c=d%26e'],
    ['keeps the slashes of a path', html`<a href="/a/${'b/c d'}">`, '/a/b/c%20d'],
    ['keeps what is escaped already', html`<a href="/a/${'b%2Fc%'}">`, '/a/b%2Fc%25'],
    ['cannot begin a query or a fragment', html`<a href="/a/${'b?c#d'}">`, '/a/b%3Fc%23d'],
    ['cannot make a path name another host', html`<a href="/${'/evil.example'}">`, '/%2Fevil.example'],
    ['cannot do so with backslashes or line feeds', html`<a href="/${'\\evil\n'}">`, '/%5Cevil%0A'],
    ['cannot do so after an empty value', html`<a href="/${''}${'/evil.example'}">`, '/%2Fevil.example'],
    ['cannot do so after a value that is a slash', html`<a href="${'/'}${'/evil.example'}">`, '/%2Fevil.example'],
    [
      'leads nowhere when an empty value makes two slashes',
      html`<a href="/${''}/${'evil.example'}">`,
      '//?evil.example',
    ],
    ['is the host after two slashes of the template', html`<a href="${''}//${'a.example'}">`, '//a.example'],
    ['may begin with a slash after something else', html`<a href="/a${'/b'}">`, '/a/b'],
    ['cannot make a scheme with text before it', html`<a href="java${'script:alert(1)'}">`, 'javascript%3Aalert(1)'],
    [
      'cannot make a scheme with a value before it',
      html`<a href="${'javascript'}${':alert(1)'}">`,
      'javascript%3Aalert(1)',
    ],
    ['is a whole URL after an empty value', html`<p id="a"><a href="${''}${'javascript:alert(1)'}">`, blockedUrl],
    ['is nothing after a script scheme made of a value', html`<a href="${'javascript'}:${'alert(1)'}">`, 'javascript:'],
    ['is nothing after one with a tab in it', html`<a href="${'java\tscript'}:${'alert(1)'}">`, 'java\tscript:'],
    ['may have a colon after a slash', html`<a href="/a/${'b:c'}">`, '/a/b:c'],
    ['is an address after mailto', html`<a href="mailto:${'a@b.example?bcc=c'}">`, 'mailto:a@b.example%3Fbcc=c'],
    ['is a path after an origin', html`<a href="${'https://a.example'}${'/b'}">`, 'https://a.example/b'],
    ['cannot lengthen a host', html`<a href="https://a.example${'.evil.example'}">`, 'https://a.example/.evil.example'],
    [
      'cannot turn a host into a user',
      html`<a href="${'https://a.example'}${'@evil.example'}">`,
      'https://a.example/@evil.example',
    ],
    [
      'cannot do so in the port',
      html`<a href="https://a.example:${'@evil.example'}">`,
      'https://a.example:%40evil.example',
    ],
    ['may be a port', html`<a href="https://a.example:${8080}/">`, 'https://a.example:8080/'],
    ['may be a host with its port', html`<a href="https://${'a.example:8080'}/b">`, 'https://a.example:8080/b'],
    ['may be a number in a host', html`<a href="https://cdn${7}.a.example/">`, 'https://cdn7.a.example/'],
    ['cannot end a host', html`<a href="https://${'evil.example/'}.a.example/">`, 'https://evil.example%2F.a.example/'],
    [
      'cannot end a host after two slashes',
      html`<a href="//${'evil.example?'}.a.example/">`,
      '//evil.example%3F.a.example/',
    ],
    ['stays whole with half a character in it', html`<a href="/${'\ud800'}?${'\ud800'}">`, '/%EF%BF%BD?%EF%BF%BD'],
    ['is read with the other kind of quote in it', html`<a href="/${"a'b"}/${'/c/d'}">`, "/a'b/%2Fc/d"],
  ]
  for (const [what, markup, href] of parts) {
    it(what, () => assert.equal(hrefOf(markup), href))
  }

  const text = fc.string({ unit: fc.constantFrom(...'javscript:/\\.@?#&%ex \t\n'), maxLength: 14 })
  const here = 'https://here.example/dir/page'

  it('never makes a link to a script, however many values there are', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        for (const markup of [html`<a href="${a}${b}${c}">`, html`<a href=" ${a}:${b}">`, html`<a href="${a}/${b}">`]) {
          const href = hrefOf(markup)
          const scheme = URL.canParse(href, here) ? new URL(href, here).protocol : ''
          const runs = scheme === 'javascript:' && new URL(href, here).pathname !== ''
          assert.ok(!runs && scheme !== 'data:' && scheme !== 'vbscript:', href)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('never leaves the host that the template names', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        for (const [markup, host] of [
          [html`<a href="/${a}${b}">`, 'here.example'],
          [html`<a href="/${a}/${b}">`, 'here.example'],
          [html`<a href="/x${a}?${b}">`, 'here.example'],
          [html`<a href="?${a}#${b}">`, 'here.example'],
          [html`<a href="https://a.example${a}${b}">`, 'a.example'],
          [html`<a href="https://a.example/${a}">`, 'a.example'],
          [html`<a href="${'https://a.example'}${a}">`, 'a.example'],
        ] as const) {
          const href = hrefOf(markup)
          if (URL.canParse(href, here)) assert.equal(new URL(href, here).hostname, host, href)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
