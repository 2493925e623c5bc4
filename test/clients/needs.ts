import { spawnSync } from 'node:child_process'

/**
 * For the `skip` of a test that needs requests and urllib3 in the `python3` of the path: `false` if they are there, else
 * the reason. With DEWAR_REQUIRE_ALL=1 it throws instead.
 */
export function skipWithoutRequests(): string | false {
  if (spawnSync('python3', ['-c', 'import requests, urllib3'], { stdio: 'ignore' }).status === 0) return false
  const reason = 'python3 with requests is not installed'
  if (process.env.DEWAR_REQUIRE_ALL === '1') throw new Error(`${reason}, and DEWAR_REQUIRE_ALL is set.`)
  return reason
}
