/** How much of each thing a posted form may have. More answers 413 before memory grows. */
export interface FormLimits {
  /**
   * Largest body without files, in bytes. Default 1_048_576 (1 MiB). Beyond it: `form/body-too-large`, and for a body
   * that the handler reads itself `request/body-too-large`.
   */
  readonly bodyBytes: number
  /** Most fields. Default 1_000. Beyond it: `form/too-many-fields`. */
  readonly fields: number
  /** Longest field name, in bytes of UTF-8. Default 1_024 (1 KiB). Beyond it: `form/name-too-long`. */
  readonly nameBytes: number
  /** Longest field value, in bytes of UTF-8. Default 524_288 (512 KiB). Beyond it: `form/field-too-large`. */
  readonly fieldBytes: number
  /** Largest multipart body, files and all, in bytes. Default 20_971_520 (20 MiB). Beyond it: `form/multipart-too-large`. */
  readonly multipartBytes: number
  /** Most files. Default 10. Beyond it: `form/too-many-files`. */
  readonly files: number
  /** Largest file, in bytes. Default 5_242_880 (5 MiB). Beyond it: `form/file-too-large`. */
  readonly fileBytes: number
  /** Most parts of a multipart body, fields and files together. Default 1_000. Beyond it: `form/too-many-parts`. */
  readonly parts: number
  /** Most headers of one part. Default 16. Beyond it: `form/part-headers-too-large`. */
  readonly partHeaders: number
  /** Most bytes of the headers of one part. Default 8_192 (8 KiB). Beyond it: `form/part-headers-too-large`. */
  readonly partHeaderBytes: number
  /** Most bytes before the first part. Default 1_024 (1 KiB). Beyond it: `form/preamble-too-large`. */
  readonly preambleBytes: number
}

/** The limits in force when an app sets none. */
export const defaultLimits: FormLimits = {
  bodyBytes: 1024 * 1024,
  fields: 1_000,
  nameBytes: 1024,
  fieldBytes: 512 * 1024,
  multipartBytes: 20 * 1024 * 1024,
  files: 10,
  fileBytes: 5 * 1024 * 1024,
  parts: 1_000,
  partHeaders: 16,
  partHeaderBytes: 8 * 1024,
  preambleBytes: 1024,
}
