import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judge, type Provenance, type Verdict } from './judge.ts'

const self = 'https://shop.example'
const trusted = 'https://admin.example'
const set: ReadonlySet<string> = new Set([trusted])

function kindOf(verdict: Verdict): string {
  return verdict.kind === 'refused' ? `refused as ${verdict.reason}` : verdict.kind
}

const origins = [
  null,
  self,
  trusted,
  'null',
  'https://evil.example',
  'http://shop.example',
  'https://shop.example:8443',
  '',
]
const sites = [null, 'same-origin', 'none', 'same-site', 'cross-site', 'Same-Origin', 'same-origin, cross-site', '']

/** The rule said once more, in other words: for every combination of what a request says. */
function expected(site: string | null, origin: string | null, carriesSession: boolean): string {
  if (origin === trusted) return 'admitted'
  if (site === 'same-origin' || site === 'none') return 'admitted'
  if (site === 'same-site') return 'refused as same-site'
  if (site !== null) return 'refused as cross-site'
  if (origin === self) return 'admitted'
  if (origin !== null) return 'refused as other-origin'
  return carriesSession ? 'needs-token' : 'admitted'
}

const unsafe = ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT', 'PROPFIND', 'get', 'Options']

describe('a request that may change something, whatever its method', () => {
  for (const site of sites) {
    for (const origin of origins) {
      for (const carriesSession of [true, false]) {
        const verdict = expected(site, origin, carriesSession)
        const session = carriesSession ? 'with' : 'without'
        it(`is ${verdict} from site ${JSON.stringify(site)}, origin ${JSON.stringify(origin)}, ${session} a session`, () => {
          for (const method of unsafe) {
            const from: Provenance = { method, site, origin, self, carriesSession }
            assert.equal(kindOf(judge(from, set)), verdict, method)
          }
        })
      }
    }
  }
})

describe('a request that changes nothing is admitted wherever it comes from', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    it(method, () => {
      for (const site of sites) {
        for (const origin of origins) {
          for (const carriesSession of [true, false]) {
            assert.equal(judge({ method, site, origin, self, carriesSession }, set).kind, 'admitted')
          }
        }
      }
    })
  }
})

describe('an origin', () => {
  it('is not trusted unless it is named', () => {
    const from = { method: 'POST', site: 'cross-site', origin: trusted, self, carriesSession: false }
    assert.equal(kindOf(judge(from, new Set())), 'refused as cross-site')
  })

  it('is compared to the letter', () => {
    for (const origin of [
      `${self}/`,
      'HTTPS://shop.example',
      'https://shop.example.',
      'https://shop.example:443',
      `${trusted}/`,
    ]) {
      const from = { method: 'POST', site: null, origin, self, carriesSession: false }
      assert.equal(kindOf(judge(from, set)), 'refused as other-origin', origin)
    }
  })
})
