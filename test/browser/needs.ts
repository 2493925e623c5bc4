import { existsSync } from 'node:fs'

/** The Chromium that the tests drive. */
export const chromiumPath = '/usr/bin/chromium'

/** The curl that the tests call. */
export const curlPath = '/usr/bin/curl'

/**
 * For the `skip` of a test that needs a program: `false` if it is there, else the reason. With DEWAR_REQUIRE_ALL=1
 * nothing is skipped: it throws, and the file fails.
 */
export function skipWithout(path: string): string | false {
  if (existsSync(path)) return false
  const reason = `${path} is not installed`
  if (process.env.DEWAR_REQUIRE_ALL === '1') throw new Error(`${reason}, and DEWAR_REQUIRE_ALL is set.`)
  return reason
}
