import type { Finding } from './finding.ts'

const [oldestMajor, oldestMinor] = [22, 13]

/** Whether this Node is new enough. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const about = 'node'
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
    return { verdict: 'ok', about, says: `Node ${version}.` }
  }
  return {
    verdict: 'fail',
    about,
    says: `Node ${version} is too old: Dewar needs ${oldestMajor}.${oldestMinor} or newer.`,
  }
}
