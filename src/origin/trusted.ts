import { DewarError } from '../errors/dewar-error.ts'
import { inShort } from '../errors/refuse-options.ts'

/**
 * The origins that an app trusts besides its own, as the Origin header spells them.
 * Throws `app/option-invalid` for one that no browser would send: a path, a missing scheme, `null`, a wildcard.
 */
export function readTrustedOrigins(origins: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(origins)) {
    throw new DewarError('app/option-invalid', `trustedOrigins is ${inShort(origins)}; it takes a list of origins.`)
  }
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin && !origin.includes('*')) continue
    throw new DewarError(
      'app/option-invalid',
      `trustedOrigins has ${JSON.stringify(origin)}; an origin looks like "https://admin.example.com".`,
    )
  }
  return new Set(origins)
}
