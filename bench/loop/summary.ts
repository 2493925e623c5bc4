import type { Window } from './rounds.ts'

/** The windows of one server in a few numbers. Ratios are to the floor of the same round. */
export interface Summary {
  server: string
  /** Median over the rounds, microseconds of the server process per request. */
  cpuUs: number
  cpuUsLowest: number
  cpuUsHighest: number
  ratio: number
  ratioLowest: number
  ratioHighest: number
  requests: number
  newCookies: number
  requestsPerSecond: number
  errors: number
  firstMistake: string
}

/** Summarises every server; `floor` is the name of the one whose figure is 1. */
export function summarise(windows: ReadonlyMap<string, readonly Window[]>, floor: string): Summary[] {
  const floorUs = (windows.get(floor) ?? []).map((window) => window.cpuUsPerRequest)
  return [...windows].map(([server, measured]) => {
    const cpuUs = measured.map((window) => window.cpuUsPerRequest)
    const ratios = cpuUs.map((value, round) => value / (floorUs[round] ?? Number.NaN))
    const loads = measured.map((window) => window.load)
    return {
      server,
      cpuUs: median(cpuUs),
      cpuUsLowest: Math.min(...cpuUs),
      cpuUsHighest: Math.max(...cpuUs),
      ratio: median(ratios),
      ratioLowest: Math.min(...ratios),
      ratioHighest: Math.max(...ratios),
      requests: sum(loads.map((load) => load.requests)),
      newCookies: sum(loads.map((load) => load.newCookies)),
      requestsPerSecond: median(loads.map((load) => (load.requests / load.durationUs) * 1_000_000)),
      errors: sum(loads.map((load) => load.mistakes + load.socketErrors)),
      firstMistake: loads.map((load) => load.firstMistake).find((text) => text !== '') ?? '',
    }
  })
}

/** The summaries as a Markdown table that is also readable in a terminal; `unit` says whose figure is 1. */
export function table(summaries: readonly Summary[], unit = 'floor = 1'): string {
  const head = ['server', 'CPU µs per request', unit, 'spread', 'requests', 'req/s', 'errors']
  const rows = summaries.map((row) => [
    row.server,
    row.cpuUs.toFixed(1),
    row.ratio.toFixed(2),
    `${row.ratioLowest.toFixed(2)} to ${row.ratioHighest.toFixed(2)}`,
    String(row.requests),
    row.requestsPerSecond.toFixed(0),
    row.errors === 0 ? '0' : `${row.errors} (!) ${row.firstMistake}`,
  ])
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? title.length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)] ?? Number.NaN
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
