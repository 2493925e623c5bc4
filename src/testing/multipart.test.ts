import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeMultipart } from './multipart.ts'

describe('multipart/form-data', () => {
  it('is written as browsers write it', async () => {
    const file = new File(['bytes'], 'a "b"\n.png', { type: 'image/png' })
    const { bytes, type } = await encodeMultipart(
      [
        ['na"me', 'one\r\ntwo'],
        ['photo', file],
      ],
      'edge',
    )
    assert.equal(type, 'multipart/form-data; boundary=edge')
    assert.equal(
      new TextDecoder().decode(bytes),
      [
        '--edge',
        'Content-Disposition: form-data; name="na%22me"',
        '',
        'one',
        'two',
        '--edge',
        'Content-Disposition: form-data; name="photo"; filename="a %22b%22%0A.png"',
        'Content-Type: image/png',
        '',
        'bytes',
        '--edge--',
        '',
      ].join('\r\n'),
    )
  })

  it('names an empty file where none was chosen', async () => {
    const { bytes } = await encodeMultipart([['photo', new File([], '')]], 'edge')
    assert.match(
      new TextDecoder().decode(bytes),
      /name="photo"; filename=""\r\nContent-Type: application\/octet-stream\r\n\r\n\r\n--edge--/,
    )
  })

  it('is read back by the platform', async () => {
    const { bytes, type } = await encodeMultipart(
      [
        ['a', '1'],
        ['a', 'ü'],
        ['f', new File(['x'], 'f.txt')],
      ],
      'edge',
    )
    const data = await new Response(bytes, { headers: { 'Content-Type': type } }).formData()
    assert.deepEqual(data.getAll('a'), ['1', 'ü'])
    const file = data.get('f')
    assert.ok(file instanceof File)
    assert.equal(file.name, 'f.txt')
    assert.equal(await file.text(), 'x')
  })
})
