import type { FileEntry } from '../form/file-entry.ts'
import { shownFileName } from '../form/file-name.ts'
import type { Form } from '../form/form.ts'
import { type KeptFile, keptTokens, withKept } from '../form/kept.ts'
import type { KeptSubject } from '../form/kept-files.ts'
import type { Issue, Submission } from '../form/submission.ts'
import { actionOf } from '../once/token.ts'
import { UploadedFile } from '../upload/uploaded-file.ts'
import type { Opened } from './stations.ts'

/** Files of a form that had to be corrected, brought back. */
export interface FilesAgain {
  /** All files of the submission: those posted now, and those kept from before. */
  readonly files: readonly FileEntry[]
  /** Those kept from before. */
  readonly recalled: readonly UploadedFile[]
}

/** Brings back the files that a posted form says are kept. What a token of nobody's, or an old one, stands for is not there. */
export async function recallFiles(form: Form, { fields, files, live, config, received }: Opened): Promise<FilesAgain> {
  const wanted = form.takesFiles && fields !== null ? [...keptTokens(fields)] : []
  const family = wanted.length === 0 ? undefined : live.state?.family
  if (family === undefined) return { files, recalled: [] }
  const subject = { family, action: actionOf(received.url.pathname) }
  const kept: [string, UploadedFile][] = []
  for (const [name, tokens] of wanted) {
    for (const token of tokens) {
      const file = await config.keptFiles.recall(token, subject, live.nowSeconds)
      if (file !== null) kept.push([name, file])
    }
  }
  return { files: withKept(form, { sent: files, kept }), recalled: kept.map(([, file]) => file) }
}

/** Files that are kept while their form is shown again, by the name of the control. */
export interface KeptAgain {
  readonly kept: ReadonlyMap<string, readonly KeptFile[]>
  /** For those that there was no room for. */
  readonly issues: readonly Issue[]
}

/** What is kept is what was sent, but for what is wrong. */
export interface KeepingParts {
  readonly files: Submission['files']
  readonly issues: readonly Issue[]
}

// A file that is itself refused would only be refused again. Of too many all stay: the person says which ones go.
function isWrong(
  issues: readonly Issue[],
  { name, place, count }: { readonly name: string; readonly place: number; readonly count: number },
): boolean {
  return issues.some((issue) => issue.name === `${name}.${place}` || (count === 1 && issue.name === name))
}

/** Keeps the files of a submission for the next try. A visitor without a session gets one, to be known again by. */
export async function keepFiles(
  { files: sent, issues: wrong }: KeepingParts,
  { live, config, received, target }: Opened,
): Promise<KeptAgain> {
  const kept = new Map<string, readonly KeptFile[]>()
  const issues: Issue[] = []
  if (target.kind !== 'submit' || !target.form.takesFiles) return { kept, issues } // no control would show them
  for (const [name, files] of sent) {
    const found: KeptFile[] = []
    for (const [place, file] of files.entries()) {
      if (isWrong(wrong, { name, place, count: files.length })) continue
      if (!(file instanceof UploadedFile)) continue
      if (live.state === null) live.do({ kind: 'begin' })
      const subject: KeptSubject = { family: live.state?.family ?? '', action: actionOf(received.url.pathname) }
      const token = await config.keptFiles.keep(file, subject, live.nowSeconds)
      if (token !== null) found.push({ name: file.name, size: file.size, token })
      else issues.push({ name, message: `There was no room to keep ${shownFileName(file.name)}. Choose it again.` })
    }
    if (found.length > 0) kept.set(name, found)
  }
  return { kept, issues }
}
