import { mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from 'dewar/node'
import type { BrowserContext, BrowserContextOptions } from 'playwright-core'
import { launchChromium } from '../clients/launch-chromium.ts'
import { png } from '../clients/png.ts'
import { createAlbum } from './uploads-album.ts'

/** A headless Chromium before the album, which is served by this very process, and photos on a disk. */
export interface UploadStage {
  /** A visitor with an empty cookie jar. */
  visitor(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Puts a file on the visitor's disk, and gives its path. */
  put(name: string, content: Uint8Array | { readonly zeroBytes: number }): Promise<string>
  /** The uploads that the server has not let go: those on their way, and those kept for a form to be corrected. */
  lying(): Promise<{ readonly temporary: number; readonly kept: number }>
  /** Closes Chromium and stops the server. */
  close(): Promise<void>
}

/** Starts both, on a free port. */
export async function openUploads(): Promise<UploadStage> {
  const folder = await mkdtemp(join(tmpdir(), 'album-'))
  const [disk, uploads] = [join(folder, 'disk'), join(folder, 'uploads')]
  await Promise.all([mkdir(disk), mkdir(uploads)])
  const server = await serve(createAlbum(uploads), { port: 0, quiet: true, stopOnSignals: false })
  const browser = await launchChromium()
  return {
    visitor: (options = {}) => browser.newContext({ baseURL: server.url, ...options }),
    put: (name, content) => put(join(disk, name), content),
    lying: async () => ({ temporary: await count(join(uploads, '.tmp')), kept: await count(join(uploads, '.kept')) }),
    async close() {
      await browser.close()
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** A photograph of fog: a PNG of 1.2 MB, for fog does not compress. */
export function fog(): Buffer {
  let state = 1
  const grain = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 24
  }
  return png(800, 524, () => [grain(), grain(), grain()])
}

async function put(path: string, content: Uint8Array | { readonly zeroBytes: number }): Promise<string> {
  if (content instanceof Uint8Array) await writeFile(path, content)
  else {
    const file = await open(path, 'w')
    await file.truncate(content.zeroBytes)
    await file.close()
  }
  return path
}

async function count(path: string): Promise<number> {
  return (await readdir(path).catch(() => [])).length
}
