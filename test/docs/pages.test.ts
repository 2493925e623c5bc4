import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

it('every page that prints a program has a test that runs it', () => {
  const pages = globSync(['*.md', 'docs/*.md', 'examples/*/README.md'], { cwd: root })
  const printing = pages.filter((page) => readFileSync(`${root}/${page}`, 'utf8').includes('```ts\n'))
  assert.ok(printing.includes('README.md'))
  for (const page of printing) {
    const test = `test/docs/${basename(page, '.md').toLowerCase()}.test.ts`
    assert.ok(existsSync(`${root}/${test}`), `${page} has no ${test}`)
    assert.ok(
      readFileSync(`${root}/${test}`, 'utf8').includes(`new Programs('${page}')`),
      `${test} runs nothing of ${page}`,
    )
  }
})
