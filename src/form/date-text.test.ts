import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { dateText, isDay, isLocalTime, isTimeOfDay, readDate } from './date-text.ts'

describe('reading a date', () => {
  const read: Record<string, string | null> = {
    '2026-01-31': '2026-01-31T00:00:00.000Z',
    '2026-01-31T12:30': '2026-01-31T12:30:00.000Z',
    '2026-01-31 12:30': '2026-01-31T12:30:00.000Z',
    '2026-01-31T12:30:15': '2026-01-31T12:30:15.000Z',
    '2026-01-31T12:30:15.5Z': '2026-01-31T12:30:15.500Z',
    '2026-01-31T00:30+02:00': '2026-01-30T22:30:00.000Z',
    '2026-02-29': null,
    '2026-02-30T12:30': null,
    '2026-01-31T24:30': null,
    '2026-01-31T12:60': null,
    '2026-01-31T12:30+99:00': null,
    '2026-01-31Z': null,
    '2026-01-31+02:00': null,
    '10000-01-01': null,
    '+002026-01-31': null,
    '2026-1-1': null,
    'Sat Jan 31 2026': null,
    '': null,
  }
  for (const [text, moment] of Object.entries(read)) {
    it(`${JSON.stringify(text)} is ${moment ?? 'none'}`, () => {
      assert.equal(readDate(text)?.toISOString() ?? null, moment)
    })
  }

  it('is the way back from the text of a moment', () => {
    const moments = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(moments, fc.constantFrom('datetime-local', 'text'), (moment, control) => {
        assert.deepEqual(readDate(dateText(moment, control)), moment)
      }),
    )
  })
})

describe('the text of a moment', () => {
  it('is a day, a day and a time, or all of it with its zone', () => {
    const moment = new Date('2026-01-31T12:30Z')
    assert.equal(dateText(moment, 'date'), '2026-01-31')
    assert.equal(dateText(moment, 'datetime-local'), '2026-01-31T12:30')
    assert.equal(dateText(new Date('2026-01-31T12:30:15Z'), 'datetime-local'), '2026-01-31T12:30:15')
    assert.equal(dateText(moment, 'text'), '2026-01-31T12:30:00.000Z')
  })

  it('is empty for no moment, and for one that no control can hold', () => {
    assert.equal(dateText(new Date(Number.NaN), 'date'), '')
    assert.equal(dateText(new Date('+010000-01-01T00:00:00Z'), 'date'), '')
  })
})

describe('what a control can hold', () => {
  it('is a day of the calendar', () => {
    assert.deepEqual(['2024-02-29', '2026-02-29', '2026-01-31T', ''].map(isDay), [true, false, false, false])
  })

  it('is a time of day', () => {
    assert.deepEqual(['00:00', '23:59:59.9', '24:00', '1:00', '12:30Z'].map(isTimeOfDay), [
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('is a day and a time without a zone', () => {
    assert.deepEqual(['2026-01-31T12:30', '2026-01-31 12:30', '2026-02-30T12:30'].map(isLocalTime), [
      true,
      false,
      false,
    ])
  })
})
