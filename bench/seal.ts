/** Measures the two ways to seal a session cookie inside a running server, and writes results/seal.md. */
import { writeFileSync } from 'node:fs'
import { gatherContenders } from './loop/contenders.ts'
import { installOrExit, versionOf } from './loop/dependencies.ts'
import { inWords, machineOrExit } from './loop/machine.ts'
import { measureRounds, type Plan } from './loop/rounds.ts'
import { type Summary, summarise, table } from './loop/summary.ts'
import { type CookieUse, connectionCount } from './loop/wrk.ts'

const names = ['floor', 'seal-xchacha', 'seal-xaes', 'seal-xchacha-cache', 'seal-xaes-cache']
const plan = { rounds: 5, compileSeconds: 0, warmUpSeconds: 1, windowSeconds: 4 }
const cookieUses: readonly CookieUse[] = ['follow', 'replay']

const titles: Record<CookieUse, string> = {
  follow: 'Visitors send the cookie given last, as a browser does',
  replay: 'Visitors always send the cookie made before the run',
}
const work: Record<CookieUse, string> = {
  follow: 'one seal and two opens; with the cache one seal and no open.',
  replay:
    'one seal and two opens; with the cache one seal and one open (the old cookie has left the cache when its visitor comes again).',
}

const machine = machineOrExit()
installOrExit()
const { ready, leftOut } = await gatherContenders(names, 'follow')
for (const { name, reason } of leftOut) console.error(`${name} ${reason}`)
if (leftOut.length > 0) process.exit(1)

const tables: string[] = []
for (const cookieUse of cookieUses) tables.push(section(cookieUse, await measured({ ...plan, cookieUse })))
for (const { server } of ready) server.stop()

const page = `${head()}\n${tables.join('\n')}\n${tail()}`
writeFileSync(new URL('results/seal.md', import.meta.url), page)
console.log(page)
process.exit()

async function measured(roundPlan: Plan): Promise<Summary[]> {
  console.error(`Measuring ${roundPlan.rounds} rounds with cookies in ${roundPlan.cookieUse} mode ...`)
  return summarise(await measureRounds(ready, roundPlan), 'floor')
}

function section(cookieUse: CookieUse, summaries: readonly Summary[]): string {
  const ratio = (name: string): number => summaries.find(({ server }) => server === name)?.ratio ?? Number.NaN
  const bare = (ratio('seal-xaes') / ratio('seal-xchacha')).toFixed(2)
  const cached = (ratio('seal-xaes-cache') / ratio('seal-xchacha-cache')).toFixed(2)
  return `## ${titles[cookieUse]}

${table(summaries)}

The XAES server takes ${bare} times the processor time of the XChaCha20 server; both with the cache: ${cached} times.
Per two requests (POST and GET): ${work[cookieUse]}
`
}

function head(): string {
  return `# What sealing the session cookie costs inside a server

Read this before choosing between XChaCha20-Poly1305 and XAES-256-GCM. Made by \`npm run seal\` in \`bench/\`.

Machine: ${inWords(machine)}
Versions: @noble/ciphers ${versionOf('@noble/ciphers')}; AES by node:crypto.
Method: servers written by hand on \`node:http\` that differ in the cookie only. ${connectionCount} connections, 512 visitors; each posts a
new name (session changed, new cookie, 303), then reads the thank-you page. The figure is processor time of the server
process (user and system, all threads, \`/proc/PID/stat\`) over the window, divided by the requests that wrk counted.
${plan.rounds} rounds, interleaved (A B C D E, A B C D E, ...), each window ${plan.windowSeconds} s after ${plan.warmUpSeconds} s of warm-up. Ratios are to the floor of the
same round; a row gives the median of the times and the median of the ratios (not the quotient of two medians); spread is the
lowest and the highest ratio. Each answer is checked in the load generator (303; the page
shows the name): the column \`errors\`.

- \`floor\`: base64url JSON, unprotected.
- \`seal-xchacha\`: XChaCha20-Poly1305 by @noble/ciphers; 24-byte nonce from \`crypto.getRandomValues\`, 20 bytes of associated data.
- \`seal-xaes\`: C2SP XAES-256-GCM on \`node:crypto\`: one AES-256-ECB object kept open derives the key for each nonce with one
  \`update\` of 32 bytes, then \`createCipheriv\`. Both published test vectors hold (\`seal/xaes.test.ts\`).
- \`...-cache\`: the same with a Map of the last 1,000 cookies opened or made, oldest out first.
`
}

function tail(): string {
  return `## What not to conclude

- Differences under 15 % mean nothing: the machine is shared, and rounds of one server differ by more than that (see spread).
- The floor is not a server to run: its cookie can be changed by anybody.
- The payload is small (about 60 bytes of JSON). Larger sessions, up to the 4 kB of a cookie, were not measured.
- The cache serves 512 visitors from 1,000 entries in one process. With more visitors than entries, with several processes,
  or with a real browser's pause between two clicks, more cookies are opened anew and the cost moves to the row without it.
- Bun, Deno and Workers were not measured. Nothing is said here about latency under a load that is not full.
`
}
