/** What the table knows about one code. */
export interface ErrorEntry {
  /** The status with which a request that meets it is answered. */
  readonly status: number
  /** One sentence that may be shown to anyone. */
  readonly sentence: string
  /** What the app's author does about it. Empty when the detail already says it. */
  readonly hint: string
}

/**
 * The closed table of codes. `docs/errors.md` lists exactly these; a test compares the two.
 * A code is `room/what-is-wrong`; the sentence is for strangers, the hint for the author.
 */
export const errorTable = {
  'app/answer-missing': {
    status: 500,
    sentence: 'The handler returned nothing.',
    hint: 'Return html`…`, a string, an object, redirect(…) or a Response.',
  },
  'app/answer-unknown': {
    status: 500,
    sentence: 'The handler returned a value that is not an answer.',
    hint: 'Return html`…`, a string, a plain object or array, redirect(…) or a Response.',
  },
  'app/answer-left': {
    status: 500,
    sentence: 'The session was written after the answer had left.',
    hint: 'Await the work before the handler returns.',
  },
  'app/option-invalid': { status: 500, sentence: 'An option of the app is not valid.', hint: '' },
  'app/mount-session': {
    status: 500,
    sentence: 'An app and the app mounted in it have both changed the session.',
    hint: 'Let only one of them write it: of two session cookies the browser keeps the last.',
  },
  'app/next-called-twice': {
    status: 500,
    sentence: 'A middleware called next() twice.',
    hint: 'Call next() at most once and return what it gives.',
  },
  'form/body-too-large': {
    status: 413,
    sentence: 'The form is larger than this page accepts.',
    hint: 'The limit is `limits.bodyBytes`.',
  },
  'form/too-many-fields': {
    status: 413,
    sentence: 'The form has more fields than this page accepts.',
    hint: 'The limit is `limits.fields`.',
  },
  'form/name-too-long': {
    status: 413,
    sentence: 'The form has a field name that is longer than this page accepts.',
    hint: 'The limit is `limits.nameBytes`.',
  },
  'form/field-too-large': {
    status: 413,
    sentence: 'One field of the form is longer than this page accepts.',
    hint: 'The limit is `limits.fieldBytes`.',
  },
  'form/multipart-too-large': {
    status: 413,
    sentence: 'The form and its files are larger than this page accepts.',
    hint: 'The limit is `limits.multipartBytes`.',
  },
  'form/too-many-files': {
    status: 413,
    sentence: 'The form has more files than this page accepts.',
    hint: 'The limit is `limits.files`.',
  },
  'form/file-too-large': {
    status: 413,
    sentence: 'A file is larger than this page accepts.',
    hint: 'The limit is `limits.fileBytes`.',
  },
  'form/too-many-parts': {
    status: 413,
    sentence: 'The form has more parts than this page accepts.',
    hint: 'The limit is `limits.parts`.',
  },
  'form/part-headers-too-large': {
    status: 413,
    sentence: 'One part of the form has longer headers than this page accepts.',
    hint: 'The limits are `limits.partHeaders` and `limits.partHeaderBytes`.',
  },
  'form/preamble-too-large': {
    status: 413,
    sentence: 'The form has more text before its first part than this page accepts.',
    hint: 'The limit is `limits.preambleBytes`.',
  },
  'form/boundary-too-long': {
    status: 413,
    sentence: 'The boundary between the parts of the form is too long.',
    hint: 'A boundary has at most 70 characters (RFC 2046).',
  },
  'form/multipart-malformed': { status: 400, sentence: 'The form is not well-formed multipart/form-data.', hint: '' },
  'form/not-utf8': { status: 400, sentence: 'The form is not valid UTF-8 text.', hint: '' },
  'form/body-cut-short': { status: 400, sentence: 'The form ended before all of it had arrived.', hint: '' },
  'form/media-type': {
    status: 415,
    sentence: 'This page takes a form, and this is none.',
    hint: 'Send application/x-www-form-urlencoded or multipart/form-data.',
  },
  'form/fields-unknown': {
    status: 500,
    sentence: 'The fields of this form are not known.',
    hint: 'Its schema does not describe itself (Standard JSON Schema), so list them: form(schema, { fields: { name: {} } }).',
  },
  'form/field-unknown': { status: 500, sentence: 'The form has no such field.', hint: '' },
  'form/field-refused': { status: 500, sentence: 'This form cannot hold such a field.', hint: '' },
  'form/schema-invalid': {
    status: 500,
    sentence: 'form() takes a Standard Schema.',
    hint: 'Pass a schema made by zod 4, valibot, arktype or another library that implements Standard Schema.',
  },
  'form/token-refused': {
    status: 403,
    sentence: 'Please reload the page with the form and send it again.',
    hint: 'Put ${form}, ${form.hidden} or ${hidden(action)} inside the form, or let the client send Origin or Sec-Fetch-Site.',
  },
  'html/value': { status: 500, sentence: 'A value cannot be shown in HTML.', hint: '' },
  'html/place': { status: 500, sentence: 'A value stands where it cannot be made safe.', hint: '' },
  'once/token-missing': {
    status: 422,
    sentence: 'Nothing was done yet: it could not be told whether this form was sent before. Please send it again.',
    hint: 'Put ${form}, ${form.hidden} or ${hidden(action)} inside the form, and let cookies through.',
  },
  'once/token-expired': {
    status: 422,
    sentence:
      'Nothing was done yet: the form was open for too long, or you have signed in or out since. Please send it again.',
    hint: '',
  },
  'once/changed': {
    status: 422,
    sentence: 'This form was sent before, with something else written in it. That was done, and this was not.',
    hint: 'The route may say once: { changed: … } to do otherwise.',
  },
  'once/unknown': {
    status: 422,
    sentence: 'We cannot tell whether this was done. Please check, and send it again if it was not.',
    hint: '',
  },
  'once/lost': { status: 409, sentence: 'This was done already.', hint: '' },
  'once/no-transaction': {
    status: 500,
    sentence: 'The store has no transactions.',
    hint: 'commit(tx => …) needs sqlite(…) or postgres(…).',
  },
  'once/committed-twice': {
    status: 500,
    sentence: 'A handler called commit twice.',
    hint: 'Do all of it in one: commit((tx) => …).',
  },
  'origin/refused': {
    status: 403,
    sentence: 'This form was sent from another site, so nothing was done.',
    hint: '',
  },
  'redirect/target': {
    status: 400,
    sentence: 'The redirect leads to another place than this app.',
    hint: 'Pass a path such as /thanks, or say redirect(to, { external: true }).',
  },
  'redirect/status': {
    status: 500,
    sentence: 'The redirect has a status that is not a redirect.',
    hint: 'Use 303 (the default), 301, 302, 307 or 308.',
  },
  'request/path-malformed': { status: 400, sentence: 'The address of this page is malformed.', hint: '' },
  'request/body-too-large': {
    status: 413,
    sentence: 'The body of this request is larger than this address accepts.',
    hint: 'The limit is `limits.bodyBytes`, of the app or of the route.',
  },
  'request/content-coding': {
    status: 415,
    sentence: 'The body of this request is compressed, which is not accepted here.',
    hint: 'Send it without Content-Encoding.',
  },
  'request/too-slow': { status: 408, sentence: 'The request took too long to arrive.', hint: '' },
  'routing/pattern': { status: 500, sentence: 'A route pattern is not valid.', hint: '' },
  'routing/duplicate': {
    status: 500,
    sentence: 'Two routes answer the same method and path.',
    hint: 'Remove one of them.',
  },
  'session/cookie-too-large': {
    status: 500,
    sentence: 'The session does not fit into its cookie.',
    hint: 'Browsers keep at most 4,096 bytes. Store less, or keep an id in the session and the rest in a database.',
  },
  'session/conflict': {
    status: 409,
    sentence: 'Somebody has changed this in the meantime. Please look again.',
    hint: 'session.set(key, value, { strict: true }) found another value than the one that this request saw.',
  },
  'session/not-revocable': {
    status: 500,
    sentence: 'Sessions in cookies cannot be listed or ended from the server.',
    hint: 'Give the app a store: new Dewar({ store: sqlite("app.db") }).',
  },
  'session/schema-async': {
    status: 500,
    sentence: 'The session schema is asynchronous.',
    hint: 'Sessions are checked while they are read: use a schema without async checks.',
  },
  'session/secret-missing': {
    status: 500,
    sentence: 'There is no secret.',
    hint: 'Set DEWAR_SECRET to 32 random bytes or more, as `npx dewar secret` makes them.',
  },
  'session/secret-too-short': {
    status: 500,
    sentence: 'A secret is too short.',
    hint: 'Make one with `npx dewar secret`.',
  },
  'session/secret-weak': {
    status: 500,
    sentence: 'A secret is easy to guess.',
    hint: 'Make one with `npx dewar secret`.',
  },
  'store/unavailable': {
    status: 503,
    sentence: 'This page cannot be served right now. Please try again in a moment.',
    hint: 'The store of the sessions could not be asked: see the cause. It is tried again with the next request.',
  },
  'store/refused': { status: 500, sentence: 'The store cannot keep what is promised.', hint: '' },
  'upload/not-stored': {
    status: 503,
    sentence: 'The file could not be kept just now. Please try again in a moment.',
    hint: 'The folder for temporary files could not be written: see the cause.',
  },
  'upload/sniffer-missing': {
    status: 500,
    sentence: 'The type of a file cannot be judged.',
    hint: 'Uploads need the package file-type: npm install file-type.',
  },
  'upload/target': { status: 500, sentence: 'A file cannot be moved there.', hint: '' },
  'session/value': { status: 500, sentence: 'A session cannot hold this value.', hint: '' },
} as const

/** A code of the closed table. */
export type ErrorCode = keyof typeof errorTable

/** What the table says about a code. */
export function errorEntry(code: ErrorCode): ErrorEntry {
  return errorTable[code]
}
