import { png } from './png.ts'

/** A real photograph, as far as 24 by 16 pixels can be one: a sunset. */
export const photo: Buffer = png(24, 16, sunset)

/** A letter with line ends of both kinds, without one at its end. */
export const letter: Buffer = Buffer.from('Dear Ada,\r\nGrüße from 東京 🗼\nYours, B.')

/** Every byte there is, and then what looks like the end of a part but is none. */
export const tricky: Buffer = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from('\r\n--\r\n------WebKitFormBoundary\r\n--\r\r\n\r\n-\n--boundary--\r\n\r'),
])

/** A file of no bytes. */
export const nothing: Buffer = Buffer.alloc(0)

function sunset(x: number, y: number): number[] {
  const isSun = (x - 12) ** 2 + (y - 9) ** 2 < 20
  return isSun ? [255, 220, 120] : [200 - y * 6, 90 + ((x * 3) % 17), 90 + y * 8]
}
