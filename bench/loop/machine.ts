import { cpus, release, totalmem } from 'node:os'
import { loadCore, serverCore } from './server-process.ts'
import { wrkVersion } from './wrk.ts'

/** Where and with what a figure was measured. */
export interface Machine {
  processor: string
  cores: number
  memoryGb: number
  system: string
  node: string
  openssl: string
  loadGenerator: string
}

/** Describes this machine; ends the process with code 1 when it cannot be measured on. */
export function machineOrExit(): Machine {
  const loadGenerator = wrkVersion()
  if (process.platform !== 'linux' || cpus().length < 2)
    exit('The bench needs Linux with two cores: one for the server, one for the load.')
  if (loadGenerator === undefined) exit('The load generator wrk is missing. Install it: apt-get install wrk')
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `Linux ${release().split('-', 1)[0]}`,
    node: process.versions.node,
    openssl: process.versions.openssl,
    loadGenerator,
  }
}

/** The machine in one sentence. */
export function inWords(machine: Machine): string {
  const { processor, cores, memoryGb, system, node, openssl, loadGenerator } = machine
  return (
    `${processor}, ${cores} cores, ${memoryGb} GB, ${system}; Node ${node} (OpenSSL ${openssl}); ${loadGenerator}; ` +
    `servers on core ${serverCore}, wrk on core ${loadCore}.`
  )
}

function exit(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
