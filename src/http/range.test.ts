import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type RangeVerdict, readRange } from './range.ts'

const part = (first: number, last: number): RangeVerdict => ({ kind: 'part', first, last })
const whole: RangeVerdict = { kind: 'whole' }
const unsatisfiable: RangeVerdict = { kind: 'unsatisfiable' }

const cases: readonly (readonly [header: string | null, size: number, verdict: RangeVerdict])[] = [
  [null, 10, whole],
  ['bytes=0-4', 10, part(0, 4)],
  ['bytes=5-', 10, part(5, 9)],
  ['bytes=5-99', 10, part(5, 9)],
  ['bytes=9-9', 10, part(9, 9)],
  ['bytes=-3', 10, part(7, 9)],
  ['bytes=-99', 10, part(0, 9)],
  ['BYTES = 1 - 2', 10, part(1, 2)],
  ['bytes=10-', 10, unsatisfiable],
  ['bytes=-0', 10, unsatisfiable],
  ['bytes=0-', 0, unsatisfiable],
  ['bytes=-1', 0, whole],
  ['bytes=4-2', 10, whole],
  ['bytes=-', 10, whole],
  ['bytes=', 10, whole],
  ['bytes=a-b', 10, whole],
  ['bytes=0-1,3-4', 10, whole],
  ['bytes=0-0,0-0,0-0,0-0', 10, whole],
  ['lines=0-4', 10, whole],
  ['bytes=--5', 10, whole],
  [`bytes=0-${'9'.repeat(400)}`, 10, part(0, 9)],
  [`bytes=${'9'.repeat(400)}-`, 10, unsatisfiable],
  [`bytes=-${'9'.repeat(400)}`, 10, part(0, 9)],
]

for (const [header, size, verdict] of cases) {
  it(`of ${size} bytes “${header?.slice(0, 30) ?? 'no Range'}” asks for ${JSON.stringify(verdict)}`, () => {
    assert.deepEqual(readRange(header, size), verdict)
  })
}
