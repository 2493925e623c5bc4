import { type Html, html } from '../html/html.ts'
import type { Attributes } from './control.ts'
import type { Field } from './field.ts'
import { shownFileName } from './file-name.ts'
import { fileSize } from './file-size.ts'
import { type KeptFile, keptPrefix, removePrefix } from './kept.ts'

/** The kept files of one file field in a page. */
export interface KeptParts {
  readonly field: Field
  /** Its name as it is posted. */
  readonly name: string
  /** The id of its control. */
  readonly id: string
  readonly files: readonly KeptFile[]
}

/**
 * What stands before a file input: a line for each file that is kept, with a box to remove it, and what choosing a
 * file will do. All of it may stand in a paragraph. Nothing if nothing is kept.
 */
export function showKept({ field, name, id, files }: KeptParts): Html {
  if (files.length === 0) return html``
  const lines = files.map((file, at) => showLine({ name, id: idOfLine(id, at), file }))
  return html`<span class="dewar-kept"> ${lines}<span class="dewar-hint" id="${id}--choose">${hintFor(field, files)}</span><br></span>
`
}

/** The ids of the texts about kept files, so that they can be tied to the control. */
export function idsOfKept({ id, files }: Pick<KeptParts, 'id' | 'files'>): readonly string[] {
  return files.length === 0 ? [] : [...files.map((_, at) => idOfLine(id, at)), `${id}--choose`]
}

/** What is set on a file input of which a file is kept: a browser would refuse to send it empty. */
export function attributesBesideKept(files: readonly KeptFile[]): Attributes {
  return files.length === 0 ? {} : { required: false }
}

interface LineParts {
  readonly name: string
  readonly id: string
  readonly file: KeptFile
}

// A name from right to left turns around what stands beside it, if it is not kept apart.
function showLine({ name, id, file }: LineParts): Html {
  const shown = shownFileName(file.name)
  return html`<span id="${id}"><bdi>${shown}</bdi>, ${fileSize(file.size)}, kept</span> <input type="hidden" name="${keptPrefix + name}" value="${file.token}"><label class="dewar-choice"><input type="checkbox" name="${removePrefix + name}" value="${file.token}" aria-label="${`Remove ${shown}`}"> Remove</label><br>
`
}

function hintFor({ kind }: Field, { length }: readonly KeptFile[]): string {
  if (kind === 'files') return 'Files that you choose are added.'
  return length === 1 ? 'A file that you choose replaces it.' : 'A file that you choose replaces them.'
}

function idOfLine(id: string, at: number): string {
  return `${id}--kept-${at + 1}`
}
