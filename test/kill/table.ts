import type { Report } from './run.ts'

/** Whether a run shows what is promised: nothing twice, nothing lost, and no answer that nobody should get. */
export function isKept({ duplicates, lost, differing, itemsLost, tally }: Report): boolean {
  return duplicates + lost + differing + itemsLost + tally.unexpected.length === 0
}

/** The reports as a table, one row a store. */
export function tableOf(reports: readonly Report[]): string {
  const rows = reports.map((report) => columns.map(([, cell]) => `${cell(report)}`))
  const heads = columns.map(([head]) => head)
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]): string => cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  ')
  return [heads, ...rows].map(line).join('\n')
}

const columns: readonly (readonly [head: string, cell: (report: Report) => string | number])[] = [
  ['store', ({ store }) => store],
  ['submissions', ({ submissions }) => submissions],
  ['sent', ({ tally }) => tally.sent],
  ['acknowledged', ({ tally }) => tally.acknowledged],
  ['asked', ({ tally }) => tally.asked],
  ['kills', ({ kills }) => kills],
  ['rows', ({ rows }) => rows],
  ['duplicates', ({ duplicates }) => duplicates],
  ['lost', ({ lost }) => lost],
  ['differing redirects', ({ differing }) => differing],
  ['session items lost', ({ itemsLost }) => itemsLost],
  ['seconds', ({ seconds }) => Math.round(seconds)],
]

/** What else a run has counted, in a sentence. */
export function remarksOn({ store, tally, killsWhileStarting, failedStarts, sessionsWrong }: Report): string {
  const { unanswered, unavailable, spread, unexpected } = tally
  const counted = [
    `${unanswered} requests got no answer and ${unavailable} got 503, and were sent again`,
    `${spread} submissions were answered by more than one process`,
    `${killsWhileStarting} of the kills hit a process that was starting`,
    `${failedStarts} processes ended by themselves`,
  ]
  const wrong = [...sessionsWrong, ...unexpected.map((text) => `unexpected: ${text}`)]
  return [`${store}: ${counted.join('; ')}.`, ...wrong.slice(0, 10)].join('\n')
}
