import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type AttachmentOptions, attachment, Dewar } from '../../src/index.ts'
import { quietly } from './quietly.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'))
  await writeFile(join(folder, 'letters.txt'), 'abcdefghij')
  await writeFile(join(folder, 'empty'), '')
  await writeFile(join(folder, '.secret'), 'secret')
  await mkdir(join(folder, 'below'))
})
after(() => rm(folder, { recursive: true }))

// GET /<name>: the file of that name, to be saved
function files(options: AttachmentOptions = {}): Dewar {
  const app = new Dewar()
  app.get('/disk/:name', ({ params }) => attachment(params.name, { folder, ...options }))
  app.get('/path', () => attachment(join(folder, 'letters.txt'), options))
  app.get('/url', () => attachment(pathToFileURL(join(folder, 'letters.txt')), options))
  app.get('/blob', () => attachment(new Blob(['abcdefghij'], { type: 'text/plain' }), { name: 'blob.txt', ...options }))
  app.get('/mine', ({ session }) => {
    session.set('seen', true)
    return attachment(join(folder, 'letters.txt'))
  })
  return app
}

function get(path: string, headers: Record<string, string> = {}, app = files(), method = 'GET'): Promise<Response> {
  return app.fetch(new Request(`http://localhost${path}`, { method, headers }))
}

const isOtherRuntime = 'Bun' in globalThis || 'Deno' in globalThis

describe('an attachment', () => {
  test('is saved under the name of the file, is never sniffed, and runs nothing', async () => {
    for (const path of ['/disk/letters.txt', '/path', '/url']) {
      const answer = await get(path)
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="letters.txt"')
      assert.equal(answer.headers.get('content-type'), 'application/octet-stream')
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
      assert.match(answer.headers.get('content-security-policy') ?? '', /^sandbox/)
      assert.equal(answer.headers.get('content-length'), '10')
      assert.equal(await answer.text(), 'abcdefghij')
    }
  })

  test('has the name and the type that the author gives, else those of the Blob', async () => {
    const named = await get('/path', {}, files({ name: 'Übung.txt', type: 'text/plain; charset=utf-8' }))
    assert.match(named.headers.get('content-disposition') ?? '', /filename\*=UTF-8''%C3%9Cbung\.txt$/)
    assert.equal(named.headers.get('content-type'), 'text/plain; charset=utf-8')
    const blob = await get('/blob')
    assert.match(blob.headers.get('content-type') ?? '', /^text\/plain/) // Bun adds a charset
    assert.equal(await blob.text(), 'abcdefghij')
  })

  test('has the type of bytes where what is given is no media type', async () => {
    for (const type of [
      'text',
      'image/png, text/html',
      'text/plain;charset="',
      'text/plain\r\nx: y',
      'text/plain; x="\n"',
      '',
    ]) {
      const answer = await get('/path', {}, files({ type }))
      assert.equal(answer.headers.get('content-type'), 'application/octet-stream', type)
    }
  })

  test('is shown in the page only if its type can do no harm there', async () => {
    const kindOf = async (type: string): Promise<string | undefined> => {
      const answer = await get('/path', {}, files({ inline: true, type }))
      return answer.headers.get('content-disposition')?.split(';')[0]
    }
    for (const type of ['image/png', 'text/plain', 'video/mp4']) assert.equal(await kindOf(type), 'inline', type)
    for (const type of [
      'text/html',
      'image/svg+xml',
      'application/xml',
      'application/xhtml+xml',
      'image/png, text/html',
    ])
      assert.equal(await kindOf(type), 'attachment', type)
  })

  test('that is shown runs nothing either, and its text is read as UTF-8 unless its type says else', async () => {
    const shown = await get('/path', {}, files({ inline: true, type: 'text/plain' }))
    assert.equal(shown.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.match(shown.headers.get('content-security-policy') ?? '', /^sandbox allow-same-origin; default-src 'none';/)
    const old = await get('/path', {}, files({ inline: true, type: 'text/plain; charset=iso-8859-1' }))
    assert.equal(old.headers.get('content-type'), 'text/plain; charset=iso-8859-1')
    const film = await get('/path', {}, files({ inline: true, type: 'video/webm; codecs="vp9, opus"' }))
    assert.match(film.headers.get('content-disposition') ?? '', /^inline/)
  })

  test('that is not there is a page with 404, and so is a folder', async () => {
    for (const name of ['nothing', 'below']) {
      const answer = await get(`/disk/${name}`)
      assert.equal(answer.status, 404)
      assert.match(await answer.text(), /There is no such file\./)
    }
  })

  test('that must not be read is an error before anything is sent', { skip: isOtherRuntime }, async () => {
    await chmod(folder, 0o755)
    await writeFile(join(folder, 'locked'), 'x', { mode: 0o000 })
    const app = files()
    await quietly(() => get('/path', {}, app)) // so that all of it is loaded
    if (process.geteuid?.() === 0) process.seteuid?.(65_534) // root may read all
    try {
      assert.equal((await quietly(() => get('/disk/locked', {}, app))).status, 500)
    } finally {
      if (process.getuid?.() === 0) process.seteuid?.(0)
    }
  })

  test('never leaves its folder, nor gives what is hidden', async () => {
    for (const name of [
      '.secret',
      '..%2fsecret',
      '%2e%2e%2f',
      'below%2f..%2fletters.txt',
      '..%5csecret',
      'a%00b',
      '%2fetc%2fpasswd',
    ]) {
      const answer = await get(`/disk/${name}`)
      assert.ok([400, 404].includes(answer.status), `${name}: ${answer.status}`)
      assert.doesNotMatch(await answer.text(), /secret$|root:/)
    }
  })

  test('asked for by HEAD has the same head and no body', async () => {
    const [head, whole] = [await get('/path', {}, files(), 'HEAD'), await get('/path')]
    assert.equal(await head.text(), '')
    assert.deepEqual([...head.headers], [...whole.headers])
  })

  test('is asked for again before it is used again', async () => {
    assert.equal((await get('/path')).headers.get('cache-control'), 'no-cache')
    assert.equal((await get('/blob')).headers.get('cache-control'), 'no-cache')
  })

  test('has another tag when it is written anew, also with as many bytes', async () => {
    await writeFile(join(folder, 'written'), 'one')
    await utimes(join(folder, 'written'), 0, 0) // the clock of the file system may stand still between two writes
    const [first, again] = [await get('/disk/written'), await get('/disk/written')]
    assert.equal(first.headers.get('etag'), again.headers.get('etag'))
    await writeFile(join(folder, 'written'), 'two')
    assert.notEqual((await get('/disk/written')).headers.get('etag'), first.headers.get('etag'))
  })

  test('that says it was changed tomorrow says nothing about it to others', async () => {
    await writeFile(join(folder, 'tomorrow'), 'x')
    await utimes(join(folder, 'tomorrow'), new Date(), new Date(Date.now() + 86_400_000))
    const answer = await get('/disk/tomorrow')
    assert.deepEqual([answer.headers.get('last-modified'), await answer.text()], [null, 'x'])
  })

  test('may be a file that was just posted', async () => {
    const app = files()
    app.post('/back', ({ files }) => attachment(files.require('photo')))
    const body = new FormData()
    body.append('photo', new File(['hello'], 'Grüße.txt'))
    const headers = { 'sec-fetch-site': 'same-origin', 'if-match': '"x"', range: 'bytes=0-1' } // for GET alone
    const answer = await app.fetch(new Request('http://localhost/back', { method: 'POST', body, headers }))
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-disposition') ?? '', /filename\*=UTF-8''Gr%C3%BC%C3%9Fe\.txt$/)
    assert.equal(answer.headers.get('etag'), '"2cf24dba5fb0a30e26e83b2ac5b9e29e"') // of SHA-256 of hello
    assert.equal(await answer.text(), 'hello')
  })

  test('of a page that touched the session is for this browser alone, and keeps its tag', async () => {
    const answer = await get('/mine')
    assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
    assert.match(answer.headers.get('etag') ?? '', /^"[\w-]+"$/)
    assert.equal(await answer.text(), 'abcdefghij')
    const [known, part] = [
      await get('/mine', { 'if-none-match': answer.headers.get('etag') ?? '' }),
      await get('/mine', { range: 'bytes=1-1' }),
    ]
    assert.deepEqual([known.status, known.headers.get('cache-control')], [304, 'private, no-cache'])
    assert.deepEqual(
      [part.status, part.headers.get('cache-control'), await part.text()],
      [206, 'private, no-cache', 'b'],
    )
  })

  test('of no bytes is whole', async () => {
    const answer = await get('/disk/empty')
    assert.deepEqual([answer.status, answer.headers.get('content-length'), await answer.text()], [200, '0', ''])
  })
})

describe('a part of an attachment', () => {
  test('is answered with 206 and says where it stands', async () => {
    for (const path of ['/path', '/blob']) {
      const answer = await get(path, { range: 'bytes=2-4' })
      assert.equal(answer.status, 206)
      assert.equal(answer.headers.get('content-range'), 'bytes 2-4/10')
      assert.equal(answer.headers.get('content-length'), '3')
      assert.equal(await answer.text(), 'cde')
    }
  })

  test('that begins behind the end is 416 and says how long the file is', async () => {
    const answer = await get('/path', { range: 'bytes=10-' })
    assert.deepEqual([answer.status, answer.headers.get('content-range')], [416, 'bytes */10'])
    assert.equal(answer.headers.get('content-disposition'), null)
  })

  test('is the whole file for several ranges, for HEAD, and when the file is another one now', async () => {
    assert.equal((await get('/path', { range: 'bytes=0-1,3-4' })).status, 200)
    assert.equal((await get('/path', { range: 'bytes=0-1' }, files(), 'HEAD')).status, 200)
    assert.equal((await get('/path', { range: 'bytes=0-1', 'if-range': '"other"' })).status, 200)
    const etag = (await get('/path')).headers.get('etag') ?? ''
    assert.equal((await get('/path', { range: 'bytes=0-1', 'if-range': etag })).status, 206)
    assert.equal((await get('/path', { range: 'bytes=0-1', 'if-range': `W/${etag}` })).status, 200)
    const modified = (await get('/path')).headers.get('last-modified') ?? ''
    assert.equal((await get('/path', { range: 'bytes=0-1', 'if-range': modified })).status, 206)
  })
})

describe('a condition on an attachment', () => {
  test('answers 304 to who has the file, by its tag or its date', async () => {
    const whole = await get('/path')
    const etag = whole.headers.get('etag') ?? ''
    const date = whole.headers.get('last-modified') ?? ''
    const known = await get('/path', { 'if-none-match': etag })
    assert.deepEqual(
      [known.status, [...known.headers.keys()].sort()],
      [304, ['cache-control', 'etag', 'last-modified']],
    )
    assert.equal((await get('/path', { 'if-none-match': `"x", W/${etag}` })).status, 304)
    assert.equal((await get('/path', { 'if-modified-since': date })).status, 304)
    assert.equal((await get('/path', { 'if-none-match': '"x"', 'if-modified-since': date })).status, 200)
    assert.equal((await get('/path', { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status, 200)
    assert.equal((await get('/path', { 'if-modified-since': '9' })).status, 200)
  })

  test('answers 412 to who means another state of the file', async () => {
    const etag = (await get('/path')).headers.get('etag') ?? ''
    assert.equal((await get('/path', { 'if-match': '"x"' })).status, 412)
    assert.equal((await get('/path', { 'if-match': etag })).status, 200)
    assert.equal((await get('/path', { 'if-match': '*' })).status, 200)
    assert.equal((await get('/path', { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status, 412)
  })
})

describe('a file while it is sent', () => {
  const openFiles = async (): Promise<number> => (await readdir('/proc/self/fd').catch(() => [])).length

  test('is open only while somebody reads it', async () => {
    await writeFile(join(folder, 'large'), Buffer.alloc(1024 * 1024))
    const before = await openFiles()
    const unread = await get('/disk/large')
    assert.equal(await openFiles(), before)
    const reader = unread.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    assert.equal(await openFiles(), before)
    assert.equal((await (await get('/disk/large')).arrayBuffer()).byteLength, 1024 * 1024)
    assert.equal(await openFiles(), before)
  })

  test('breaks off if it becomes shorter or is replaced, and never sends a wrong length', async () => {
    await writeFile(join(folder, 'shrinks'), Buffer.alloc(1024 * 1024))
    const shrinking = (await get('/disk/shrinks')).body?.getReader()
    await shrinking?.read()
    await truncate(join(folder, 'shrinks'), 100_000)
    await assert.rejects(async () => {
      for (;;) if ((await shrinking?.read())?.done !== false) return
    }, /became shorter/)
    await writeFile(join(folder, 'replaced'), 'one')
    const replaced = await get('/disk/replaced')
    await rm(join(folder, 'replaced'))
    await writeFile(join(folder, 'replaced'), 'two')
    await assert.rejects(replaced.text())
  })
})
