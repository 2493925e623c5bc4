import type { BodyName } from './bodies.ts'
import { median } from './doubling.ts'
import type { Window } from './one-decoder.ts'

/** The windows of one decoder on one body in a few numbers. Ratios are to busboy in the same round. */
export interface Summary {
  readonly body: BodyName
  readonly decoder: string
  /** Median over the rounds, milliseconds of processor time for one decoding. */
  readonly cpuMs: number
  readonly ratio: number
  readonly ratioLowest: number
  readonly ratioHighest: number
  readonly runs: number
}

/** Summarises every decoder on a body. */
export function summarise(body: BodyName, windows: ReadonlyMap<string, readonly Window[]>): readonly Summary[] {
  const reference = windows.get('busboy') ?? []
  return [...windows].map(([decoder, measured]) => {
    const ratios = measured.map(({ cpuMs }, round) => cpuMs / (reference[round]?.cpuMs ?? Number.NaN))
    return {
      body,
      decoder,
      cpuMs: median(measured.map(({ cpuMs }) => cpuMs)),
      ratio: median(ratios),
      ratioLowest: Math.min(...ratios),
      ratioHighest: Math.max(...ratios),
      runs: measured.reduce((sum, { runs }) => sum + runs, 0),
    }
  })
}

/** Rows as a Markdown table that is also readable in a terminal. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
