import { defaultLimits } from '../../src/http/limits.ts'
import { MultipartDecoder } from '../../src/http/multipart.ts'

/** What a worst input costs Dewar's decoder. */
export interface Doubling {
  readonly input: string
  /** Nanoseconds of processor time for a byte of the shorter input, in one piece. */
  readonly nsPerByte: number
  /** How many times as long the input of twice the length takes, in one piece. */
  readonly whole: number
  /** The same in pieces of one byte. */
  readonly byteByByte: number
}

const long = 'a'.repeat(70)
const disposition = 'Content-Disposition: form-data; name='
const head = `${disposition}"a"\r\n\r\n`

// What repeats, the boundary, and the headers in which it does; without headers it is content.
const inputs: Readonly<Record<string, readonly [unit: string, boundary: string, header?: string]>> = {
  'random letters, for comparison': ['lkjhgfdsqwertzuiopmnbvcxy', 'b'.repeat(40)],
  'carriage returns': ['\r', 'b'],
  'line ends': ['\r\n', 'b'],
  'near-boundaries': [`\r\n--${long}x`, long],
  'beginnings of a boundary': [`\r\n--${long.slice(1)}`, long],
  'the one letter of the boundary': ['a', long],
  'carriage return, last letter of the boundary': ['\ra', `${'b'.repeat(69)}a`],
  'boundaries with one space': ['\r\n--b ', 'b'],
  'empty parts': [`\r\n--b\r\n${head}`, 'b'],
  'quotes in a header': ['"', 'b', disposition],
  'escaped quotes in a header': ['\\"', 'b', `${disposition}"`],
  headers: ['X-A: 1\r\n', 'b', ''],
  'line feeds among headers': ['\n', 'b', ''],
}

/** Decodes each worst input and one twice as long, several times, and compares the medians. */
export function measureDoubling(rounds: number): readonly Doubling[] {
  return Object.entries(inputs).map(([input, [unit, boundary, header]]) => {
    const make = (bytes: number): Buffer => flood(unit, boundary, header, bytes)
    // Limits allow a head of 8 KiB. One of megabytes would show what large strings cost, not what reading does.
    const wholeBytes = header === undefined ? 4_000_000 : 200_000
    const [once, twice] = mediansMs(rounds, [[make(wholeBytes)], [make(2 * wholeBytes)]], boundary)
    const [onceByByte, twiceByByte] = mediansMs(
      rounds,
      [byteByByte(make(200_000)), byteByByte(make(400_000))],
      boundary,
    )
    return {
      input,
      nsPerByte: (once * 1e6) / wholeBytes,
      whole: twice / once,
      byteByByte: twiceByByte / onceByByte,
    }
  })
}

function flood(unit: string, boundary: string, header: string | undefined, bytes: number): Buffer {
  const before = `--${boundary}\r\n${header ?? head}`
  const after = `${header === undefined ? '' : '\r\n\r\n'}\r\n--${boundary}--`
  return Buffer.concat([Buffer.from(before), Buffer.alloc(bytes - (bytes % unit.length), unit), Buffer.from(after)])
}

function byteByByte(body: Buffer): readonly Uint8Array[] {
  return [...body].map((byte) => Uint8Array.of(byte))
}

function mediansMs(
  rounds: number,
  [once, twice]: readonly [readonly Uint8Array[], readonly Uint8Array[]],
  boundary: string,
): readonly [once: number, twice: number] {
  decodeMs(once, boundary, 20) // so that the code is compiled
  const repeats = Math.ceil(20 / Math.max(0.1, decodeMs(once, boundary, 3) / 3)) // so that a sample takes 20 ms or more
  decodeMs(twice, boundary, repeats)
  const times = Array.from({ length: rounds }, () => {
    return [decodeMs(once, boundary, repeats), decodeMs(twice, boundary, repeats)] as const
  })
  return [median(times.map(([ms]) => ms / repeats)), median(times.map(([, ms]) => ms / repeats))]
}

function decodeMs(chunks: readonly Uint8Array[], boundary: string, repeats: number): number {
  const before = process.cpuUsage()
  for (let turn = 0; turn < repeats; turn++) {
    const decoder = new MultipartDecoder(boundary, limits)
    for (const chunk of chunks) decoder.push(chunk)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const none = Number.POSITIVE_INFINITY
const limits = { ...defaultLimits, parts: none, partHeaders: none, partHeaderBytes: none }

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
