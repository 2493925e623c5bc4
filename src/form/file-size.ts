/**
 * The size of a file in words, with at most one decimal: `1 byte`, `640 bytes`, `12.5 kB`, `5 MB`. A kB has 1024 bytes
 * and a MB 1024 kB, as limits are written (5 MiB is “5 MB”). Where a system counts by 1000 it shows a file as larger than
 * this, so what is told to be larger than a limit is larger there too.
 */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`
  let size = bytes
  let unit = 'bytes'
  for (const larger of ['kB', 'MB', 'GB', 'TB']) {
    if (toTenths(size) < 1024) break // not “1024 kB” for what rounds to one MB
    size /= 1024
    unit = larger
  }
  return `${toTenths(size)} ${unit}`
}

function toTenths(size: number): number {
  return Math.round(size * 10) / 10
}
