import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type ErrorCode, errorEntry, errorTable } from './table.ts'

const codes = Object.keys(errorTable) as ErrorCode[] // the keys of the table are the codes
const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(`${root}/docs/errors.md`, 'utf8')

describe('the table of codes', () => {
  it('has codes that say where and what: a room, or what a request or a redirect is', () => {
    const rooms = globSync('*/', { cwd: `${root}/src` }).map((room) => room.replace(/[/\\]$/, ''))
    for (const code of codes) {
      const [where = '', ...what] = code.split('/')
      assert.ok([...rooms, 'redirect', 'request'].includes(where), code)
      assert.match(what.join('/'), /^[a-z0-9]+(?:-[a-z0-9]+)*$/, code)
    }
  })

  it('has only codes that some file of src throws or answers', () => {
    const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !/\.test\.ts$|errors.table\.ts$/.test(file))
    const source = files.map((file) => readFileSync(`${root}/${file}`, 'utf8')).join('\n')
    const unused = codes.filter((code) => !source.includes(`'${code}'`))
    assert.deepEqual(unused, [])
  })

  it('answers each code with an error status, and a sentence fit for a stranger', () => {
    for (const code of codes) {
      const { status, sentence, hint } = errorEntry(code)
      assert.ok([400, 403, 408, 409, 413, 415, 422, 500, 503].includes(status), code)
      assert.match(sentence, /^[A-Za-z].*\.$/, code)
      assert.doesNotMatch(sentence, /undefined|\$\{|`/, code)
      assert.equal(hint, hint.trim(), code)
    }
  })
})

describe('docs/errors.md', () => {
  const sections = [...page.matchAll(/^### `([^`]+)`\n\nStatus (\d+)(?:, at start)?\. .{20,}/gm)]

  it('lists exactly the codes of the table, each once', () => {
    const listed = [...page.matchAll(/^### `([^`]+)`$/gm)].map(([, code]) => code)
    assert.deepEqual(listed.toSorted(), codes.toSorted())
    assert.equal(new Set(listed).size, listed.length)
  })

  it('says the status of each code as the table has it, what it means and what to do', () => {
    assert.equal(sections.length, codes.length)
    for (const [, code, status] of sections) {
      assert.equal(Number(status), errorTable[code as ErrorCode].status, code) // listed codes are those of the table
    }
  })
})
