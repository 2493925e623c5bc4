import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Environment } from './environment.ts'
import { type LogLine, log, logError, logServer } from './log.ts'

function logged(env: Environment, line: LogLine): string {
  return written(() => log(env, line))
}

function written(work: () => void): string {
  const { error } = console
  const lines: string[] = []
  console.error = (...parts: string[]) => lines.push(parts.join(' '))
  try {
    work()
  } finally {
    console.error = error
  }
  assert.equal(lines.length, 1)
  return lines[0] ?? ''
}

// What a terminal obeys, what a log reader takes for the end of a line, and what turns the direction of text.
const nasty = 'a\r\nb\n{"event":"forged"}\u001b[2J\u0000\u007f\u0085\u009b31m\u2028\u2029\u202e\u2066\ufeff\u{e0001}z'
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\u{e0001}]/u

describe('a line of the log', () => {
  test('is one line of JSON in production', () => {
    const line = logged('production', { event: 'uncaught', error: new Error('x') })
    assert.doesNotMatch(line, /\n/)
    const { time, level, event, error, ...rest } = JSON.parse(line)
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 5000)
    assert.deepEqual([level, event, rest], ['error', 'uncaught', {}])
    assert.match(error, /^Error: x\n {4}at /)
  })

  test('says method and path of its request, and nothing else of it', () => {
    const request = new Request('https://shop.example/pay/7?card=4111#x', {
      method: 'POST',
      headers: { cookie: 'session=abc', authorization: 'Bearer t0ken' },
    })
    const url = new URL(request.url)
    const line = written(() => logError('production', new Error('x'), { request, url }))
    const { event, method, path } = JSON.parse(line)
    assert.deepEqual([event, method, path], ['request-failed', 'POST', '/pay/7'])
    const read = written(() => logError('development', new Error('x'), { request, url }))
    assert.match(read, /^POST \/pay\/7 failed\. Error: x\n/)
    for (const text of [line, read]) assert.doesNotMatch(text, /4111|session|t0ken|shop\.example/)
  })

  test('escapes controls in paths and errors, and says the same when it is read back', () => {
    const line = logged('production', { event: 'request-failed', method: 'GET', path: nasty, error: nasty })
    assert.doesNotMatch(line, controls)
    assert.doesNotMatch(line, /\n/)
    const { path, error } = JSON.parse(line)
    assert.deepEqual([path, error], [nasty, `Thrown: ${nasty}`])
  })

  test('in development is readable, and nothing quoted in it can pass for another entry', () => {
    const text = logged('development', { event: 'request-failed', method: 'GET', path: nasty, error: new Error(nasty) })
    assert.doesNotMatch(text, controls)
    const [first, ...others] = text.split('\n')
    assert.match(first ?? '', /^GET a\\u000d\\u000ab\\u000a\{"event":"forged"\}\\u001b\[2J.* failed\. Error: a\\u000d$/)
    assert.ok(
      others.every((line) => line.startsWith('    ')),
      others.join('\n'),
    )
  })

  test('of what a server tells of itself has its facts in production, and is a sentence in development', () => {
    const exited = {
      event: 'worker-exited',
      level: 'error',
      sentence: `Worker 7 ended by SIGKILL. ${nasty}`,
      facts: { pid: 7, code: null, signal: 'SIGKILL', error: nasty },
    } as const
    const line = written(() => logServer('production', exited))
    assert.doesNotMatch(line, controls)
    const { time, ...rest } = JSON.parse(line)
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 5000)
    assert.deepEqual(rest, { level: 'error', event: 'worker-exited', ...exited.facts })
    const text = written(() => logServer('development', exited))
    assert.match(text, /^Worker 7 ended by SIGKILL\. a\\u000d\\u000ab/)
    assert.doesNotMatch(text, controls)
  })

  test('is not longer than a reader can take', () => {
    const line = logged('production', {
      event: 'request-failed',
      method: 'GET',
      path: '/'.repeat(50_000),
      error: new Error('x'.repeat(50_000)),
    })
    assert.ok(line.length < 12_000, String(line.length))
    assert.match(JSON.parse(line).path, /… \(cut: 50000 characters in all\)$/)
  })
})
