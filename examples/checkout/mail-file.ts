import { open } from 'node:fs/promises'
import type { Send } from './deliverer.ts'

/** Stands for a mail server: each mail becomes a line of JSON at the end of a file, and is on disk when it is done. */
export function appendTo(path: string): Send {
  return async (mail) => {
    const file = await open(path, 'a')
    try {
      await file.write(`${JSON.stringify(mail)}\n`) // one write, so that lines of several processes do not mix
      await file.sync()
    } finally {
      await file.close()
    }
  }
}
