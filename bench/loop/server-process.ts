import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'

/** Core of the servers; the load generator has the other one. */
export const serverCore = 0
export const loadCore = 1

// A killed bench leaves no server behind: `exit` below stops them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

const startTimeoutMs = 10_000
const repositoryFolder = fileURLToPath(new URL('../../', import.meta.url))
// One secret for a run: every server gets the same, and none is written down.
const secretOfThisRun = randomBytes(32).toString('base64url')

/** A server of the bench, running alone in its process, pinned to `serverCore`. */
export interface ServerProcess {
  name: string
  port: number
  pid: number
  /** Processor time used so far by all threads of the process, user and system, in microseconds. */
  cpuUs(): number
  stop(): void
}

/**
 * Starts `servers/NAME.ts`, with more in its environment if need be. Rejects with what the process wrote to stderr when
 * it ends or stays deaf for 10 s.
 */
export async function startServer(
  name: string,
  port: number,
  more: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const file = fileURLToPath(new URL(`../servers/${name}.ts`, import.meta.url))
  const command = ['-c', String(serverCore), process.execPath, '--conditions=dewar-source', file]
  const env = { ...process.env, NODE_ENV: 'production', DEWAR_SECRET: secretOfThisRun, PORT: String(port), ...more }
  const child = spawn('taskset', command, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const pid = child.pid
  if (pid === undefined) throw new Error('taskset cannot be started: apt-get install util-linux')
  process.once('exit', () => child.kill())
  await listening(child, port)
  return { name, port, pid, cpuUs: () => cpuUsOf(pid), stop: () => void child.kill() }
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let written = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    written = (written + chunk.toString()).slice(0, 4_000)
  })
  const deadlineMs = Date.now() + startTimeoutMs
  while (!(await canConnect(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(reasonIn(written))
    if (Date.now() > deadlineMs) {
      child.kill()
      throw new Error(`no answer on its port within ${startTimeoutMs} ms. ${written}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** The line of a crash that names the error, else the end of what was written; without this machine's folders. */
function reasonIn(written: string): string {
  const line = written.split('\n').find((text) => /^\w*Error/.test(text))
  const reason = line ?? (written.trim().slice(-500) || 'it ended without a word')
  return reason.replaceAll(repositoryFolder, '')
}

/** Fields 14 and 15 of /proc/PID/stat: ticks of all threads together.  proc_pid_stat(5) */
function cpuUsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickUs
}

const tickUs = 1_000_000 / Number(spawnSync('getconf', ['CLK_TCK']).stdout.toString())
