import { letter, nothing, photo, tricky } from './contents.ts'
import { field, file, type Meant } from './meant.ts'

/** A form as people fill it in: Unicode, quotes, several files of one name, one that is empty. */
export const everyday: readonly Meant[] = [
  field('title', 'Grüße aus 東京 🗼'),
  field('tags', 'sea'),
  field('tags', 'sun & "wind"'),
  field('straße 東', 'x'),
  field('nothing', ''),
  file('photos', 'photo.png', photo, 'image/png'),
  file('photos', 'Grüße 東京 🗼.txt', letter, 'text/plain'),
  file('empty', 'empty.txt', nothing, 'text/plain'),
  file('any', 'every byte.bin', tricky, 'application/octet-stream'),
]

/**
 * What a script can append to a FormData and a form can hardly hold: line ends, quotes and percent signs in names, and
 * names that are empty. Line ends in the names and values of fields arrive as CRLF. HTML §4.10.22.8
 */
export const awkward: readonly Meant[] = [
  field('', 'a name of no letters'),
  field('a "quoted" name', '"'),
  field('back\\slash\\', '\\"'),
  field('back\\"quote', ''),
  field('100%', '%0D%0A%22'),
  field('semi;colon=1; filename="no.txt"', 'still a field'),
  field('name\r\nX-Injected: 1', 'value\r\n\r\nanother'),
  file('file', 'a "quoted" file;.txt', letter, 'text/plain'),
  file('file', 'C:\\photos\\me.png', photo, 'image/png'),
  file('file', '../../etc/passwd', letter, 'application/octet-stream'),
  file('file', '50%.txt', letter, 'text/plain'),
  file('file', 'line\nand\rreturn.txt', letter, 'text/plain'),
  file('file "1"\r\n', 'plain.txt', nothing, 'text/plain;charset=utf-8'),
  file('', 'blob', nothing, 'application/octet-stream'),
  file('file', '', nothing, 'application/octet-stream'),
]

/** What no browser can tell: a percent sign that was meant is written like one that stands for a character. */
export const percents: readonly Meant[] = [field('%22', 'x'), file('%0D%0A', '%22%0A.txt', letter, 'text/plain')]

/** The same after it was decoded. */
export const decodedPercents: readonly Meant[] = [field('"', 'x'), file('\r\n', '"\n.txt', letter, 'text/plain')]
