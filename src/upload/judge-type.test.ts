import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judgeType, TextJudge } from './judge-type.ts'

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex')

async function judged(content: string | Buffer, claimed = ''): Promise<string> {
  const bytes = Buffer.from(content)
  const judge = new TextJudge()
  for (const byte of bytes) judge.push(Uint8Array.of(byte)) // whatever pieces it comes in
  return judgeType(bytes, { isText: judge.finish(), claimed })
}

describe('the type of a file', () => {
  it('is that of its content, whatever the client claims', async () => {
    assert.equal(await judged(png, 'text/html'), 'image/png')
    assert.equal(await judged(jpeg, 'image/png'), 'image/jpeg')
    assert.equal(await judged('%PDF-1.7\n', 'text/plain'), 'application/pdf')
  })

  it('is unknown for bytes that are of no known format', async () => {
    assert.equal(await judged(Buffer.from([0, 1, 2, 3]), 'image/png'), 'application/octet-stream')
  })

  it('is text for text, of the kind that the client claims if that is a kind of text', async () => {
    assert.equal(await judged('Grüße'), 'text/plain')
    assert.equal(await judged('a,b\n1,2\n', 'text/csv'), 'text/csv')
    assert.equal(await judged('{"a":1}', 'application/json'), 'application/json')
    assert.equal(await judged('<script>', 'image/png'), 'text/plain')
    assert.equal(await judged('no pdf', 'application/pdf'), 'text/plain')
    assert.equal(await judged('', 'image/png'), 'text/plain')
    assert.equal(await judged('hello', 'text/html; charset=x"onload'), 'text/plain')
  })

  it('is text for a letter that begins like a bitmap or a program', async () => {
    assert.equal(await judged('BMW or Mercedes?'), 'text/plain')
    assert.equal(await judged('MZ said hello'), 'text/plain')
  })

  it('is no text with bytes that are not UTF-8, with a NUL, or when it ends in the middle of a character', async () => {
    assert.equal(await judged(Buffer.from('caf\xe9', 'latin1')), 'application/octet-stream')
    assert.equal(await judged('a\0b'), 'application/octet-stream')
    assert.equal(await judged(Buffer.from('Grü').subarray(0, 3)), 'application/octet-stream')
  })

  it('is judged without trouble when a file breaks off inside its headers', async () => {
    for (let length = 0; length < png.length; length++) await judged(png.subarray(0, length))
    for (const start of ['504b0304', '52494646', '1a45dfa3', '494433', '4f676753', '000001b3', '3026b2758e66cf11']) {
      const bytes = Buffer.from(start.padEnd(64, 'ff'), 'hex')
      assert.match(await judged(bytes), /^[a-z]+\/[\w.+-]+$/)
    }
  })
})
