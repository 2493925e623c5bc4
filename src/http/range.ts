/** Which bytes of a file a request asks for. */
export type RangeVerdict =
  | { readonly kind: 'whole' }
  /** From the first index up to the last, that one included. */
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'unsatisfiable' }

/**
 * Reads a Range header against a size in bytes. One range of bytes is answered; several, another unit, and what breaks
 * the grammar mean the whole, as a server may take them.  RFC 9110 §14.1.2, §14.2
 */
export function readRange(header: string | null, size: number): RangeVerdict {
  const [, first = '', last = ''] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '') ?? []
  if (first === '' && last === '') return { kind: 'whole' }
  if (first === '') return readSuffix(Number(last), size)
  if (last !== '' && Number(first) > Number(last)) return { kind: 'whole' }
  if (Number(first) >= size) return { kind: 'unsatisfiable' }
  return { kind: 'part', first: Number(first), last: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}

function readSuffix(length: number, size: number): RangeVerdict {
  if (length === 0) return { kind: 'unsatisfiable' }
  return size === 0 ? { kind: 'whole' } : { kind: 'part', first: Math.max(0, size - length), last: size - 1 }
}
