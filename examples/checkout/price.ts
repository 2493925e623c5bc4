const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })

/** A price as it is read. */
export function priceOf(cents: number): string {
  return euros.format(cents / 100)
}
