import { DewarError } from '../errors/dewar-error.ts'
import type { Depot, KeepingLimits } from './depot.ts'
import { memoryDepot } from './memory-depot.ts'

/** Where an app's posted files lie, and how much of them is kept. */
export interface UploadOptions extends KeepingLimits {
  /**
   * A folder that is this app's own. Files on their way lie in `.tmp` in it, files kept for a form that has to be
   * corrected in `.kept`. On the file system where files go in the end, `moveTo` copies nothing. Processes may share it.
   * Default: `dewar-` and the user's id in the system's temporary folder.
   */
  readonly folder: string
  /** Most bytes that are kept for one session until its form is corrected. Default 52_428_800 (50 MiB); the oldest goes first. */
  readonly keptBytesPerSession: number
  /** Most bytes that are kept for all sessions. Default 1_073_741_824 (1 GiB); beyond it people choose their file again. */
  readonly keptBytes: number
}

/** How much is kept when an app does not say. */
export const defaultKeeping: KeepingLimits = { keptBytesPerSession: 50 * 1024 * 1024, keptBytes: 1024 * 1024 * 1024 }

/**
 * The depot of an app: on disk, or in memory where there is no file system. Nothing is touched before the first file,
 * or the first sweep.
 */
export function openDepot(folder: string | null, limits: KeepingLimits): Depot {
  let depot: Promise<Depot> | null = null
  const opened = (): Promise<Depot> => {
    depot ??= onDisk(folder, limits)
    return depot
  }
  return {
    receive: async () => (await opened()).receive(),
    recall: async (id) => (await opened()).recall(id),
    sweep: async () => (await opened()).sweep(),
  }
}

// Loaded when it is needed: the main door must open where there is no Node.
async function onDisk(folder: string | null, limits: KeepingLimits): Promise<Depot> {
  try {
    const { defaultFolder, DiskDepot } = await import('./disk-depot.ts')
    return new DiskDepot(folder ?? defaultFolder(), limits)
  } catch (cause) {
    if (folder === null) return memoryDepot
    throw new DewarError('upload/not-stored', 'There is no file system here for uploads.folder.', { cause })
  }
}
