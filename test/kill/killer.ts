import { setTimeout as pause } from 'node:timers/promises'
import type { AppProcess } from './app-process.ts'
import type { Dice } from './dice.ts'

/** Somebody who kills processes. */
export interface Killer {
  readonly kills: number
  /** How many of these were not listening yet. */
  readonly killsWhileStarting: number
  /** No more is killed after this. */
  stop(): Promise<void>
}

const leastMs = 50
const mostMs = 250

/**
 * Kills one of the processes every 50 to 250 ms: mostly one that is at work, one time in five whichever, so that starting
 * is interrupted too. The pause begins when one of them has answered somebody since it was started: else a slow machine
 * would only ever start processes, and nothing would be done that a kill could interrupt.
 */
export function startKiller(processes: readonly [AppProcess, ...AppProcess[]], dice: Dice): Killer {
  let kills = 0
  let killsWhileStarting = 0
  let isOver = false
  const atWork = (): AppProcess[] => processes.filter(({ isAtWork }) => isAtWork)
  const killing = async (): Promise<void> => {
    while (!isOver) {
      while (!isOver && atWork().length === 0) await pause(2)
      await pause(dice.between(leastMs, mostMs))
      if (isOver) return
      const [first = processes[0], ...others] = atWork()
      const victim = dice.isOneIn(5) ? dice.pick(processes) : dice.pick([first, ...others])
      kills += 1
      if (!victim.isListening) killsWhileStarting += 1
      await victim.kill()
    }
  }
  const done = killing()
  return {
    get kills() {
      return kills
    },
    get killsWhileStarting() {
      return killsWhileStarting
    },
    async stop() {
      isOver = true
      await done
    },
  }
}
