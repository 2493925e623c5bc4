import { median } from '../multipart/doubling.ts'
import { markdownTable } from '../multipart/summary.ts'

/** What an operation takes, and how many times as long as a reference in the same round. */
export interface Cost {
  readonly what: string
  readonly reference: string
  /** Median over the rounds of their medians, in microseconds. */
  readonly us: number
  readonly ratio: number
  readonly ratioLowest: number
  readonly ratioHighest: number
  /** The same with means: they hold what comes seldom and takes long, as checkpoints do. */
  readonly ratioOfMeans: number
}

/** How many operations are done in a second, and how many times as many as of a reference in the same round. */
export interface Throughput {
  readonly what: string
  readonly reference: string
  readonly perSecond: number
  readonly ratio: number
  readonly ratioLowest: number
  readonly ratioHighest: number
}

/** Compares what two operations took in each round, in milliseconds. */
export function costOf<Name extends string>(
  rounds: readonly Readonly<Record<Name, readonly number[]>>[],
  what: Name,
  reference: Name,
): Cost {
  return {
    what,
    reference,
    us: 1000 * median(rounds.map((round) => median(round[what]))),
    ...spread(rounds.map((round) => median(round[what]) / median(round[reference]))),
    ratioOfMeans: median(rounds.map((round) => mean(round[what]) / mean(round[reference]))),
  }
}

/** Compares how many of two operations were done in a second, in each round. */
export function throughputOf<Name extends string | number>(
  rounds: readonly Readonly<Record<Name, number>>[],
  what: Name,
  reference: Name,
): Throughput {
  return {
    what: String(what),
    reference: String(reference),
    perSecond: median(rounds.map((round) => round[what])),
    ...spread(rounds.map((round) => round[what] / round[reference])),
  }
}

/** Costs as a table. */
export function costTable(rows: readonly Cost[]): string {
  return markdownTable(
    ['what', 'against', 'ratio', 'spread', 'ratio of means', 'µs'],
    rows.map((row) => [row.what, row.reference, ...ratios(row), row.ratioOfMeans.toFixed(2), row.us.toFixed(0)]),
  )
}

/** Throughputs as a table. */
export function throughputTable(rows: readonly Throughput[]): string {
  return markdownTable(
    ['what', 'against', 'ratio', 'spread', 'per second'],
    rows.map((row) => [row.what, row.reference, ...ratios(row), row.perSecond.toFixed(0)]),
  )
}

function ratios({ ratio, ratioLowest, ratioHighest }: Cost | Throughput): readonly string[] {
  return [ratio.toFixed(2), `${ratioLowest.toFixed(2)} to ${ratioHighest.toFixed(2)}`]
}

function spread(all: readonly number[]): { ratio: number; ratioLowest: number; ratioHighest: number } {
  return { ratio: median(all), ratioLowest: Math.min(...all), ratioHighest: Math.max(...all) }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
