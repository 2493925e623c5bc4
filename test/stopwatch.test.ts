import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startStopwatch } from './stopwatch.ts'

describe('a stopwatch', () => {
  it('counts what the process waits for', async () => {
    const stop = startStopwatch()
    await pause(300)
    assert.ok(stop() > 200)
  })

  it('counts what blocks the process', () => {
    const stop = startStopwatch()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    assert.ok(stop() > 200)
  })

  const skip = existsSync('/proc/self/schedstat') ? false : 'only Linux tells how long a process waited for a processor'
  it('stands still while another process has the processor', { skip }, async () => {
    const rival = spawn('taskset', ['-c', '0', process.execPath, '--eval', 'for (;;);'])
    const program = `
      import { startStopwatch } from ${JSON.stringify(import.meta.resolve('./stopwatch.ts'))}
      const start = performance.now()
      const stop = startStopwatch()
      let turns = 0
      while (performance.now() - start < 1500) turns++
      console.log(stop())`
    const { stdout } = await promisify(execFile)('taskset', ['-c', '0', process.execPath, '--eval', program])
    rival.kill('SIGKILL')
    assert.ok(Number(stdout) > 0 && Number(stdout) < 1200, `${stdout} ms of 1500`)
  })
})
