import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser } from './browser.ts'
import type { Page } from './page.ts'

const asHtml = { headers: { 'Content-Type': 'text/html' } }

/** The page with this HTML; whatever leaves it is answered with what was sent. */
async function show(html: string): Promise<Page> {
  const echo = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    return new Response(`${request.method} ${pathname}${search} ${await request.text()}`.trim())
  }
  const fetch = (request: Request): Response | Promise<Response> =>
    new URL(request.url).pathname === '/' ? new Response(html, asHtml) : echo(request)
  return browser({ fetch }).open('/')
}

async function sent(page: Promise<Page>): Promise<string> {
  return decodeURIComponent((await page).text)
}

describe('filling a form', () => {
  it('types text, ticks boxes, picks radio buttons and options', async () => {
    const page = await show(`<form method=post action=/go>
      <input name=name> <input name=age type=number> <textarea name=note></textarea>
      <input type=checkbox name=agree> <input type=checkbox name=news checked>
      <input type=radio name=size value=s> <input type=radio name=size value=m checked>
      <select name=color><option>red<option>blue</select>
      <select name=tags multiple><option>a<option>b<option>c</select>
      <button>Go</button></form>`)
    const values = {
      name: 'Ada',
      age: 36,
      note: 'hi',
      agree: true,
      news: false,
      size: 's',
      color: 'blue',
      tags: ['a', 'c'],
    }
    const next = page.fill(values).submit('Go')
    assert.equal(await sent(next), 'POST /go name=Ada&age=36&note=hi&agree=on&size=s&color=blue&tags=a&tags=c')
  })

  it('replaces what the page had filled in', async () => {
    const page = await show(
      '<form action=/go><input name=q value=old><select name=s multiple><option selected>a<option>b</select></form>',
    )
    page.fill({ q: 'first', s: ['a', 'b'] }).fill({ q: 'new', s: 'b' })
    assert.equal(await sent(page.submit()), 'GET /go?q=new&s=b')
  })

  it('gives several boxes of one name the values to tick', async () => {
    const page = await show(
      '<form action=/go><input type=checkbox name=t value=a checked><input type=checkbox name=t value=b><input type=checkbox name=t value=c></form>',
    )
    assert.equal(await sent(page.fill({ t: ['b', 'c'] }).submit()), 'GET /go?t=b&t=c')
  })

  it('gives repeated inputs a list, in the order of the page', async () => {
    const page = await show('<form action=/go><input name=line><input name=line><input name=line value=c></form>')
    assert.equal(await sent(page.fill({ line: ['a', 'b'] }).submit()), 'GET /go?line=a&line=b&line=c')
  })

  it('ticks the box that shares its name with a hidden input', async () => {
    const page = await show(
      '<form action=/go><input type=hidden name=ok value=0><input type=checkbox name=ok value=1></form>',
    )
    assert.equal(await sent(page.fill({ ok: true }).submit()), 'GET /go?ok=0&ok=1')
  })

  it('puts a file into a file input', async () => {
    const page = await show(
      '<form method=post action=/go enctype=multipart/form-data><input type=file name=photo></form>',
    )
    const next = await page.fill({ photo: new File(['bytes'], 'me.png', { type: 'image/png' }) }).submit()
    assert.match(next.text, /name="photo"; filename="me.png" Content-Type: image\/png bytes/)
  })

  it('sends the name of a file where the form is not multipart', async () => {
    const page = await show('<form method=post action=/go><input type=file name=photo></form>')
    assert.equal(await sent(page.fill({ photo: new File(['bytes'], 'me.png') }).submit()), 'POST /go photo=me.png')
  })

  it('reads back what the fields hold', async () => {
    const page =
      await show(`<form><input name=a value=1><input type=checkbox name=b checked><input type=radio name=c value=x>
      <select name=d><option>one<option>two</select><input name=e value=1><input name=e value=2></form>`)
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'e'].map((name) => page.value(name)),
      ['1', true, '', 'one', ['1', '2']],
    )
  })

  it('leaves a value with a line break on one line, as a browser does', async () => {
    const page = await show('<form action=/go><input name=q></form>')
    assert.equal(page.fill({ q: 'a\nb' }).value('q'), 'ab')
  })
})

describe('what a person cannot type', () => {
  const refusals: [html: string, values: Parameters<Page['fill']>[0], why: RegExp][] = [
    ['<input name=username>', { usrname: 'Ada' }, /No form of this page has a field named "usrname".*\n.*: username/],
    ['<select name=c><option>red<option>blue</select>', { c: 'green' }, /"c" has no option "green"[\s\S]*red \| blue/],
    ['<select name=c><option disabled>red</select>', { c: 'red' }, /"c" has the option "red" disabled/],
    ['<select name=c><option>red</select>', { c: ['red'] }, /"c" takes one option, not a list/],
    ['<input type=radio name=r value=1>', { r: '2' }, /"r" has no radio button "2"[\s\S]*r \(radio: 1\)/],
    ['<input type=radio name=r value=1 disabled>', { r: '1' }, /"r" has the radio button "1" disabled/],
    ['<input type=checkbox name=b>', { b: 'yes' }, /"b" has no box "yes"/],
    ['<input type=checkbox name=b value=1><input type=checkbox name=b value=2>', { b: true }, /"b" has several boxes/],
    ['<input type=checkbox name=b disabled>', { b: true }, /"b" is disabled/],
    ['<input name=a disabled>', { a: '1' }, /"a" is disabled/],
    ['<fieldset disabled><textarea name=a></textarea></fieldset>', { a: '1' }, /"a" is disabled/],
    ['<input name=a readonly>', { a: '1' }, /"a" is read-only/],
    ['<input name=a type=hidden>', { a: '1' }, /"a" is hidden/],
    ['<input name=a>', { a: true }, /"a" takes one text, not true/],
    ['<input name=a>', { a: ['1'] }, /"a" takes one text, not a list/],
    ['<input name=a><input name=a>', { a: '1' }, /"a" is there 2 times: give a list/],
    ['<input name=a><input name=a>', { a: ['1', '2', '3'] }, /"a" is there 2 times, not 3/],
    ['<input type=file name=f>', { f: 'me.png' }, /"f" takes a File, not me.png/],
    ['<input type=file name=f>', { f: [new File([], 'a'), new File([], 'b')] }, /"f" takes one file/],
  ]
  for (const [html, values, why] of refusals) {
    it(`${JSON.stringify(values)} into ${html}`, async () => {
      const page = await show(`<form>${html}</form>`)
      assert.throws(() => page.fill(values), why)
    })
  }

  it('leaves all fields alone when one value is refused', async () => {
    const page = await show('<form><input name=a value=old><input name=b readonly></form>')
    assert.throws(() => page.fill({ a: 'new', b: 'new' }))
    assert.equal(page.value('a'), 'old')
  })

  it('shows the page in the message: status, address, the beginning of its text', async () => {
    const page = await show(`<p>Welcome ${'and welcome '.repeat(30)}</p><form><input name=a></form>`)
    assert.throws(() => page.fill({ b: '' }), /the page: 200 \/ "Welcome and welcome [^"]{180}…"/)
  })
})

describe('a page that is not HTML', () => {
  it('says so in the message', async () => {
    // A string is sent as text/plain where an html template was meant.
    const visitor = browser({ fetch: () => new Response('<form><input name=a></form>') })
    const page = await visitor.open('/')
    assert.throws(() => page.fill({ a: '1' }), /the page: 200 \/ text\/plain.* "<form><input name=a><\/form>"/)
  })
})

describe('several forms', () => {
  const shop = `<form id=find action=/find><input name=q><button>Search</button></form>
    <form method=post action=/add><input name=q><input name=n><button>Add</button><button id=now>Buy</button></form>
    <form method=post action=/empty><button>Search</button></form>`

  it('are told apart by the fields that are filled', async () => {
    assert.equal(await sent((await show(shop)).fill({ q: 'tea', n: 2 }).submit('Add')), 'POST /add q=tea&n=2')
  })

  it('are told apart by their button', async () => {
    assert.equal(await sent((await show(shop)).submit('Buy')), 'POST /add q=&n=')
    assert.equal(await sent((await show(shop)).submit('now')), 'POST /add q=&n=')
  })

  it('are told apart by id, action or button', async () => {
    const page = await show(shop)
    assert.equal(await sent(page.form('find').fill({ q: 'tea' }).submit()), 'GET /find?q=tea')
    assert.equal(await sent(page.form('/empty').submit()), 'POST /empty')
    assert.equal(await sent(page.form('Add').fill({ q: 'tea' }).submit()), 'POST /add q=tea&n=')
  })

  it('are listed when it is not clear which is meant', async () => {
    const page = await show(shop)
    assert.throws(
      () => page.fill({ q: 'tea' }),
      /2 forms of this page have fields named "q"[\s\S]*GET \/find #find \[Search\]: q\n.*POST \/add \[Add\] \[Buy\]: q, n/,
    )
    assert.throws(() => page.fill({ q: 'tea', x: 1 }), /No form of this page has a field named "x"/)
    await assert.rejects(page.submit('Search'), /2 forms of this page have a submit button "Search"/)
    await assert.rejects(page.submit(), /3 forms of this page have fields or buttons/)
    assert.throws(() => page.form('none'), /No form of this page has the id, the action or a button "none"/)
  })
})

describe('pressing a button', () => {
  it('sends the name and value of the pressed button alone', async () => {
    const page = await show(
      '<form action=/go><button name=do value=save>Save</button><button name=do value=drop>Drop</button></form>',
    )
    assert.equal(await sent(page.submit('Drop')), 'GET /go?do=drop')
  })

  it('lets Enter press the first button', async () => {
    const page = await show(
      '<form action=/go><input name=q><button name=do value=save>Save</button><button name=do value=drop>Drop</button></form>',
    )
    assert.equal(await sent(page.submit()), 'GET /go?q=&do=save')
  })

  it('goes where the button says, how the button says', async () => {
    const page = await show(
      '<form action=/form><input name=q value=1><button formaction=/button formmethod=post>Go</button></form>',
    )
    assert.equal(await sent(page.submit('Go')), 'POST /button q=1')
  })

  it('goes to the page itself without an action, a base address notwithstanding', async () => {
    const page = await show(
      '<base href="/deep/down/"><form><input name=q value=1><button>Go</button></form><a href=on>On</a>',
    )
    assert.equal((await page.submit('Go')).url, '/?q=1')
    assert.equal((await page.click('On')).url, '/deep/down/on')
  })

  it('replaces the query of the action with GET and keeps it with POST', async () => {
    const page = await show(
      '<form action="/go?old=1"><input name=q value=1><button>Get</button><button formmethod=post>Post</button></form>',
    )
    assert.equal(await sent(page.submit('Get')), 'GET /go?q=1')
    assert.equal(await sent(page.submit('Post')), 'POST /go?old=1 q=1')
  })

  it('does not ask whether required fields are filled', async () => {
    const page = await show('<form action=/go><input name=q required minlength=3><button>Go</button></form>')
    assert.equal(await sent(page.submit('Go')), 'GET /go?q=')
  })

  const refusals: [html: string, why: RegExp][] = [
    ['<form><button>Save</button></form>', /No form of this page has a submit button "Go"[\s\S]*\[Save\]/],
    ['<form><button type=button>Go</button></form>', /has a submit button "Go"[\s\S]*no fields/],
    ['<form><button disabled>Go</button></form>', /The button "Go" is disabled/],
    ['<form><button>Go</button><button>Go</button></form>', /Several buttons "Go"/],
    ['<form method=dialog><button>Go</button></form>', /its method is dialog/],
    ['<form method=post enctype=text/plain><button>Go</button></form>', /its enctype is text\/plain/],
    ['<form action="mailto:a@b.example"><button>Go</button></form>', /its action is mailto:/],
    ['<p>Nothing here</p>', /The page has no form/],
  ]
  for (const [html, why] of refusals) {
    it(`is not possible in ${html}`, async () => {
      await assert.rejects((await show(html)).submit('Go'), why)
    })
  }
})

describe('following a link', () => {
  it('finds it by its text, its aria-label or its picture', async () => {
    const page = await show(
      '<a href=/1> <b>Change</b>\n name </a><a href=/2 aria-label=Close>&nbsp;</a><a href=/3><img alt=Home></a>',
    )
    assert.equal((await page.click('Change name')).url, '/1')
    assert.equal((await page.click('Close')).url, '/2')
    assert.equal((await page.click('Home')).url, '/3')
  })

  it('says which links there are', async () => {
    const page = await show(
      '<a href=/1>One</a><a href=/2>Two</a><a href=/3>Two</a><a href="javascript:x()">Run</a><form><button>Send</button></form>',
    )
    await assert.rejects(page.click('Three'), /No link "Three" on this page. Its links: "One", "Two", "Two", "Run"/)
    await assert.rejects(page.click('Two'), /2 links "Two": \/2, \/3/)
    await assert.rejects(page.click('Send'), /There is such a button: use submit\(\)/)
    await assert.rejects(page.click('Run'), /The link goes to javascript:/)
  })
})
