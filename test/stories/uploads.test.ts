import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import * as z from 'zod'
import { Dewar, DewarError, type DewarOptions, form, HttpError, html, redirect, type Store } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'
import { browser } from '../../src/testing.ts'
import { quietly } from './quietly.ts'

const secret = 'vZ0x1w5Ybq7mK2n8Rj4tUc6LdPa9SgHeXfCiNoQkByM'
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uploads-'))
})
afterEach(() => rm(folder, { recursive: true }))

const temporary = (): Promise<string[]> => readdir(join(folder, '.tmp')).catch(() => [])
const kept = (): Promise<string[]> => readdir(join(folder, '.kept')).catch(() => [])

function file(content: string | Buffer, name: string, type = 'image/png'): File {
  return new File([Buffer.from(content)], name, { type })
}

// <form method="post" action="/" enctype="multipart/form-data">
//   <label>Note <input name="note" maxlength="100" required></label>
//   <label>Photo <input type="file" name="photo" accept="image/png,image/jpeg" required></label>  <button>Send</button>
// </form>
function album(options: DewarOptions<object, Store> = {}): Dewar<object, Store> {
  const app = new Dewar({ secret, uploads: { folder }, ...options })
  const photo = form(
    z.object({
      note: z.string().trim().min(1).max(100),
      photo: z.file().max(1_000).mime(['image/png', 'image/jpeg']),
    }),
  )
  app.form('/', photo, {
    view: ({ form }) => html`<h1>A photo</h1>${form}`,
    submit: async ({ data, invalid }) => {
      if (data.note === 'taken') return invalid({ note: 'is taken' })
      if (data.note === 'boom') throw new Error('boom')
      await data.photo.moveTo(join(folder, data.photo.safeName))
      return redirect('/thanks', { flash: `${data.note}: ${data.photo.size} bytes of ${data.photo.type}` })
    },
  })
  app.get('/thanks', ({ flashes }) => html`<p>${flashes.map(({ message }) => message)}</p>`)
  return app
}

describe('a file in a form', () => {
  test('arrives with its bytes, its judged type and a safe name, and stays where it was moved', async () => {
    const visitor = browser(album())
    const page = await visitor.open('/')
    const thanks = await page.fill({ note: 'Sea', photo: file(png, '../my photo.png', 'text/html') }).submit('Send')
    assert.equal(thanks.text, `Sea: ${png.length} bytes of image/png`)
    assert.deepEqual(await readFile(join(folder, 'my_photo.png')), png)
    assert.deepEqual([await temporary(), await kept()], [[], []])
  })

  test('goes away when the handler throws, and the session with it', async () => {
    const page = await browser(album()).open('/')
    const answer = await quietly(() => page.fill({ note: 'boom', photo: file(png, 'a.png') }).submit('Send'))
    assert.equal(answer.status, 500)
    assert.deepEqual([await temporary(), await kept()], [[], []])
  })

  test('of another type than the form takes is told beside the field', async () => {
    const page = await browser(album()).open('/')
    const again = await page.fill({ note: 'Sea', photo: file('no image', 'a.png') }).submit('Send')
    assert.equal(again.status, 422)
    assert.match(again.html, /id="form-photo--error"/)
    assert.equal(again.value('note'), 'Sea')
    assert.doesNotMatch(again.text, /kept/) // it would only be refused again
    assert.deepEqual([await temporary(), await kept()], [[], []])
  })

  test('larger than its schema takes is let go while it comes, and told with 422', async () => {
    const page = await browser(album()).open('/')
    const again = await page.fill({ note: 'Sea', photo: file(Buffer.alloc(1_001), 'a.png') }).submit('Send')
    assert.equal(again.status, 422)
    assert.match(again.text, /a\.png is larger than 1000 bytes\. Choose a smaller file\./)
    assert.equal(again.value('note'), 'Sea')
    assert.deepEqual([await temporary(), await kept()], [[], []])
  })

  test('larger than the app takes shows the form again with 413, what was typed, and a sentence', async () => {
    const page = await browser(album({ limits: { fileBytes: 500 } })).open('/')
    const again = await page.fill({ note: 'Sea', photo: file(Buffer.alloc(501), 'a.png') }).submit('Send')
    assert.equal(again.status, 413)
    assert.match(again.text, /a\.png is larger than/)
    assert.equal(again.value('note'), 'Sea')
    assert.deepEqual([await temporary(), await kept()], [[], []])
  })

  test('over the limit of all bytes shows the form again with 413 and what came before it', async () => {
    const page = await browser(album({ limits: { multipartBytes: 800 } })).open('/')
    const again = await page.fill({ note: 'Sea', photo: file(Buffer.alloc(900), 'a.png') }).submit('Send')
    assert.equal(again.status, 413)
    assert.match(again.text, /The form and its files are larger than this page accepts\./)
    assert.equal(again.value('note'), 'Sea')
    assert.deepEqual(await temporary(), [])
  })
})

describe('a file that was chosen before another field was wrong', () => {
  async function keptPage(app = album(), note = 'x'.repeat(101)) {
    const visitor = browser(app)
    const page = await visitor.open('/')
    const again = await page.fill({ note, photo: file(png, 'photo.png') }).submit('Send')
    return { visitor, again }
  }

  test('is kept: the page says so, and the corrected form sends it', async () => {
    const { again } = await keptPage()
    assert.equal(again.status, 422)
    assert.match(again.text, /photo\.png, 33 bytes, kept/)
    assert.deepEqual([(await temporary()).length, (await kept()).length], [0, 1])
    const thanks = await again.fill({ note: 'Sea' }).submit('Send')
    assert.equal(thanks.text, 'Sea: 33 bytes of image/png')
    assert.deepEqual(await readFile(join(folder, 'photo.png')), png)
    assert.deepEqual([await temporary(), await kept()], [[], []])
  })

  test('is kept over several tries, also when the handler itself refuses', async () => {
    const { again } = await keptPage()
    const third = await again.fill({ note: 'taken' }).submit('Send')
    assert.match(third.text, /is taken/)
    assert.match(third.text, /photo\.png, 33 bytes, kept/)
    assert.equal((await kept()).length, 1)
    assert.equal((await third.fill({ note: 'Sea' }).submit('Send')).url, '/thanks')
  })

  test('is still there when the handler throws', async () => {
    const { again, visitor } = await keptPage()
    await quietly(() => again.fill({ note: 'boom' }).submit('Send'))
    assert.equal((await kept()).length, 1)
    const back = await visitor.back()
    assert.equal((await back.fill({ note: 'Sea' }).submit('Send')).url, '/thanks')
  })

  test('is still there when the store is away by the time that the answer is kept', async () => {
    const store = sqlite(':memory:')
    const app = album({ store })
    const { again, visitor } = await keptPage(app)
    const commit = store.commit.bind(store)
    store.commit = () => Promise.reject(new DewarError('store/unavailable'))
    const failed = await quietly(() => again.fill({ note: 'Sea' }).submit('Send'))
    assert.deepEqual([failed.status, (await kept()).length], [503, 1])
    store.commit = commit
    await rm(join(folder, 'photo.png')) // as an author would who names files anew each time
    const back = await visitor.back()
    assert.equal((await back.fill({ note: 'Sea' }).submit('Send')).url, '/thanks')
    assert.deepEqual([await temporary(), await kept()], [[], []])
  })

  test('is replaced by another one that is chosen', async () => {
    const { again } = await keptPage()
    const other = Buffer.concat([png, Buffer.from('more')])
    const thanks = await again.fill({ note: 'Sea', photo: file(other, 'other.png') }).submit('Send')
    assert.equal(thanks.text, 'Sea: 37 bytes of image/png')
  })

  test('is removed when its box is ticked, and then missing', async () => {
    const { again } = await keptPage()
    const third = await again.fill({ note: 'Sea', '_remove.photo': true }).submit('Send')
    assert.equal(third.status, 422)
    assert.doesNotMatch(third.text, /kept/)
  })

  test('is nobody else’s: neither another session nor another form brings it back', async () => {
    const { again } = await keptPage()
    const token = /name="_kept\.photo" value="([^"]+)"/.exec(again.html)?.[1] ?? assert.fail('no token')
    const { visitor } = await keptPage() // has a session of its own
    const cookie = visitor.cookies.get('session')?.value ?? assert.fail('no session')
    const body = new FormData()
    body.set('note', 'Sea')
    body.set('_kept.photo', token)
    const headers = { cookie: `session=${cookie}`, 'sec-fetch-site': 'same-origin', accept: 'application/json' }
    const answer = await album().fetch(new Request('http://localhost/', { method: 'POST', body, headers }))
    assert.equal(answer.status, 422)
    assert.deepEqual(Object.keys((await answer.json()).errors), ['', 'photo'])
  })

  test('is kept for 24 hours, and then has to be chosen again', async () => {
    let nowMilliseconds = Date.now()
    const clock = { now: () => nowMilliseconds }
    const { again } = await keptPage(album({ clock }))
    nowMilliseconds += 24 * 60 * 60 * 1000
    assert.equal((await again.fill({ note: 'Sea' }).submit('Send')).status, 422)
  })

  test('that there is no room for is asked for again', async () => {
    const { again } = await keptPage(album({ uploads: { folder, keptBytesPerSession: 10 } }))
    assert.match(again.text, /There was no room to keep photo\.png\. Choose it again\./)
    assert.deepEqual([await temporary(), await kept()], [[], []])
  })

  test('is not kept for a client that asks for JSON', async () => {
    const body = new FormData()
    body.set('photo', file(png, 'a.png'))
    const headers = { 'sec-fetch-site': 'same-origin', accept: 'application/json' }
    const answer = await album().fetch(new Request('http://localhost/', { method: 'POST', body, headers }))
    assert.equal(answer.status, 422)
    assert.equal(answer.headers.get('set-cookie'), null)
    assert.deepEqual([await temporary(), await kept()], [[], []])
  })
})

describe('several files', () => {
  const photos = form(z.object({ note: z.string().min(1), photos: z.array(z.file()).min(1).max(3) }))

  function gallery(): Dewar {
    const app = new Dewar({ secret, uploads: { folder } })
    app.form('/', photos, {
      view: ({ form }) => html`${form}`,
      submit: ({ data }) => data.photos.map(({ name, size }) => [name, size]),
    })
    return app
  }

  test('under one name come in the order chosen', async () => {
    const page = await browser(gallery()).open('/')
    const done = await page.fill({ note: 'x', photos: [file('a', 'a.txt'), file('bb', 'b.txt')] }).submit('Send')
    assert.deepEqual(JSON.parse(done.html), [
      ['a.txt', 1],
      ['b.txt', 2],
    ])
  })

  test('that were kept stand before those added', async () => {
    const page = await browser(gallery()).open('/')
    const again = await page.fill({ note: '', photos: [file('a', 'a.txt'), file('bb', 'b.txt')] }).submit('Send')
    const done = await again.fill({ note: 'x', photos: [file('ccc', 'c.txt')] }).submit('Send')
    assert.deepEqual(
      JSON.parse(done.html).map(([name]: [string]) => name),
      ['a.txt', 'b.txt', 'c.txt'],
    )
  })
})

describe('files outside a form of the app', () => {
  function echo(options: DewarOptions<object> = {}): Dewar<object> {
    const app = new Dewar({ secret, uploads: { folder }, ...options })
    app.post('/echo', async ({ fields, files }) => ({
      fields: [...fields],
      files: await Promise.all([...files].map(async ([name, file]) => [name, file.name, await file.text()])),
    }))
    app.post('/photo', ({ files }) => files.require('photo').name)
    app.post('/stream', ({ files }) => new Response(files.require('photo').stream()))
    return app
  }

  function send(app: Dewar<object>, path: string, entries: readonly (readonly [string, string | File])[]) {
    const body = new FormData()
    for (const [name, value] of entries) typeof value === 'string' ? body.append(name, value) : body.append(name, value)
    return app.fetch(
      new Request(`http://localhost${path}`, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin' } }),
    )
  }

  test('are read, fields and files each in the order sent', async () => {
    const answer = await send(echo(), '/echo', [
      ['a', '1'],
      ['f', file('one', 'ä "1".txt')],
      ['a', 'Grüße\r\n'],
      ['g', file('', 'empty.txt')],
    ])
    assert.deepEqual(await answer.json(), {
      fields: [
        ['a', '1'],
        ['a', 'Grüße\r\n'],
      ],
      files: [
        ['f', 'ä "1".txt', 'one'],
        ['g', 'empty.txt', ''],
      ],
    })
    assert.deepEqual(await temporary(), [])
  })

  test('are missing with 400 that names the field', async () => {
    const answer = await send(echo(), '/photo', [['a', '1']])
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /The file “photo” is missing\./)
  })

  test('stay until the answer that streams them has ended', async () => {
    const answer = await send(echo(), '/stream', [['photo', file('x'.repeat(200_000), 'a.txt')]])
    assert.equal((await temporary()).length, 1)
    assert.equal((await answer.text()).length, 200_000)
    assert.deepEqual(await temporary(), [])
  })

  test('go away when the answer that streams them is cancelled', async () => {
    const answer = await send(echo(), '/stream', [['photo', file('x'.repeat(200_000), 'a.txt')]])
    await answer.body?.cancel()
    assert.deepEqual(await temporary(), [])
  })

  test('over a limit answer 413 with its code, and leave nothing', async () => {
    const answers: [Partial<Record<string, number>>, string][] = [
      [{ fileBytes: 2 }, 'form/file-too-large'],
      [{ files: 1 }, 'form/too-many-files'],
      [{ parts: 2 }, 'form/too-many-parts'],
      [{ multipartBytes: 100 }, 'form/multipart-too-large'],
      [{ fieldBytes: 2 }, 'form/field-too-large'],
      [{ bodyBytes: 4 }, 'form/body-too-large'],
      [{ nameBytes: 4 }, 'form/name-too-long'],
      [{ fields: 1 }, 'form/too-many-fields'],
      [{ partHeaders: 1 }, 'form/part-headers-too-large'],
    ]
    for (const [limits, code] of answers) {
      const answer = await send(echo({ limits }), '/echo', [
        ['a', '1'],
        ['photo', file('one', 'a.txt')],
        ['photo', file('two', 'b.txt')],
        ['b', '12345'],
      ])
      assert.equal(answer.status, 413, code)
      assert.ok((await answer.text()).includes(code), code)
      assert.deepEqual(await temporary(), [], code)
    }
  })

  test('of a body that breaks off go away, and the answer says so', async () => {
    const boundary = 'b'
    const body = `--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nhalf of`
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'sec-fetch-site': 'same-origin' }
    const answer = await echo().fetch(new Request('http://localhost/echo', { method: 'POST', body, headers }))
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /form\/multipart-malformed/)
    assert.deepEqual(await temporary(), [])
  })

  test('that cannot be stored answer 503, and work again once there is room', async () => {
    await writeFile(join(folder, '.tmp'), 'in the way')
    const app = echo()
    const answer = await quietly(() => send(app, '/echo', [['f', file('one', 'a')]]))
    assert.equal(answer.status, 503)
    await rm(join(folder, '.tmp'))
    assert.equal((await send(app, '/echo', [['f', file('one', 'a')]])).status, 200)
  })
})

describe('the limits of a route', () => {
  test('stand in place of those of the app, for forms, uploads and raw bodies', async () => {
    const app = new Dewar({ secret, limits: { bodyBytes: 10 }, uploads: { folder } })
    app.post('/small', async ({ request }) => `${(await request.text()).length}`)
    app.post('/large', async ({ request }) => `${(await request.text()).length}`, { limits: { bodyBytes: 1_000 } })
    const send = (path: string, body: BodyInit): Promise<Response> =>
      app.fetch(
        new Request(`http://localhost${path}`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'text/plain', 'sec-fetch-site': 'same-origin' },
          duplex: 'half',
        } as RequestInit),
      )
    const stream = (): ReadableStream => new Blob(['x'.repeat(11)]).stream()
    assert.equal((await send('/small', 'x'.repeat(10))).status, 200)
    const refused = await send('/small', stream())
    assert.equal(refused.status, 413)
    assert.match(await refused.text(), /request\/body-too-large/)
    assert.equal(await (await send('/large', stream())).text(), '11')
  })

  test('with a name that is none stop the start', () => {
    const app = new Dewar({ secret })
    const limits = { maxBytes: 5 } as object
    assert.throws(() => app.post('/', () => 'x', { limits }), /limits has no option maxBytes; it has bodyBytes/)
    assert.throws(() => app.post('/', () => 'x', { gard: () => undefined } as object), /has no option gard/)
  })
})

describe('a guard', () => {
  function walled(): { app: Dewar<{ user: string }>; seen: string[] } {
    const seen: string[] = []
    const app = new Dewar({ session: z.object({ user: z.string() }), secret, uploads: { folder } })
    app.form('/upload', form(z.object({ photo: z.file() })), {
      guard: ({ session }) => (session.has('user') ? undefined : redirect('/login', { flash: 'Please sign in.' })),
      view: ({ form }) => html`${form}`,
      submit: ({ data }) => {
        seen.push(data.photo.name)
        return 'done'
      },
    })
    app.get('/login', ({ flashes, session }) => {
      session.set('user', 'Ada')
      return html`<p>${flashes.map(({ message }) => message)}</p>`
    })
    app.post('/broken', () => 'x', {
      guard: () => {
        throw new HttpError(403, 'Not you.')
      },
    })
    return { app, seen }
  }

  test('answers before a byte of the body is read, and its flash message arrives', async () => {
    const { app, seen } = walled()
    let pulled = 0
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled += 1
          controller.enqueue(new Uint8Array(1_000))
        },
      },
      { highWaterMark: 0 },
    )
    const headers = { 'content-type': 'multipart/form-data; boundary=b', 'sec-fetch-site': 'same-origin' }
    const request = new Request('http://localhost/upload', {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    } as RequestInit)
    const answer = await app.fetch(request)
    assert.equal(answer.headers.get('location'), '/login')
    assert.deepEqual([pulled, seen], [0, []])
    assert.equal((await browser(app).open('/upload')).text, 'Please sign in.')
  })

  test('lets in whom it does not answer', async () => {
    const { app, seen } = walled()
    const visitor = browser(app)
    await visitor.open('/login')
    await (await visitor.open('/upload')).fill({ photo: file(png, 'a.png') }).submit('Send')
    assert.deepEqual(seen, ['a.png'])
  })

  test('hands on what it leaves in state, and the cookies that it sets', async () => {
    const app = new Dewar({ secret })
    app.post(
      '/',
      ({ state, cookies }) => {
        cookies.set('seen', 'yes')
        return String(state.user)
      },
      {
        guard: ({ state, cookies }) => {
          state.user = 'Ada'
          cookies.set('last', 'today')
        },
      },
    )
    const answer = await app.fetch(new Request('http://localhost/', { method: 'POST' }))
    assert.equal(await answer.text(), 'Ada')
    assert.deepEqual(
      answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]),
      ['last=today', 'seen=yes'],
    )
  })

  test('that throws answers like a handler that throws', async () => {
    const request = new Request('http://localhost/broken', {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    const answer = await walled().app.fetch(request)
    assert.equal(answer.status, 403)
    assert.match(await answer.text(), /Not you\./)
  })
})

describe('a compressed body', () => {
  test('is refused with 415 before it is read, and the answer says what is taken', async () => {
    const app = new Dewar({ secret })
    app.post('/', async ({ request }) => await request.text())
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=b', 'text/plain']) {
      const headers = { 'content-type': type, 'content-encoding': 'gzip', 'sec-fetch-site': 'same-origin' }
      const answer = await app.fetch(new Request('http://localhost/', { method: 'POST', body: 'x', headers }))
      assert.equal(answer.status, 415)
      assert.equal(answer.headers.get('accept-encoding'), 'identity')
    }
  })
})
