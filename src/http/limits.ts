/** How much of each thing a posted form may have. More answers 413 before memory grows. */
export interface FormLimits {
  /** Largest body, in bytes. Default 1_048_576 (1 MiB). Beyond it: `form/body-too-large`. */
  readonly bodyBytes: number
  /** Most fields. Default 1_000. Beyond it: `form/too-many-fields`. */
  readonly fields: number
  /** Longest field name, in bytes of UTF-8. Default 1_024 (1 KiB). Beyond it: `form/name-too-long`. */
  readonly nameBytes: number
  /** Longest field value, in bytes of UTF-8. Default 524_288 (512 KiB). Beyond it: `form/field-too-large`. */
  readonly fieldBytes: number
}

/** The limits in force when an app sets none. */
export const defaultLimits: FormLimits = {
  bodyBytes: 1024 * 1024,
  fields: 1_000,
  nameBytes: 1024,
  fieldBytes: 512 * 1024,
}
