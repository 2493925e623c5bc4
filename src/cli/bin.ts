#!/usr/bin/env node
import { failure, main } from './main.ts'
import type { Said } from './said.ts'
import { Waiting } from './waiting.ts'

const exitCodes: Readonly<Record<Said['kind'], number>> = {
  done: 0,
  'found wanting': 1,
  failed: 1,
  'wrong use': 2,
}

// What an app has opened, such as a pool of connections, would keep the process alive: it ends when all is said.
function leave({ kind, text }: Said): void {
  waiting.end()
  const isAsked = kind === 'done' || kind === 'found wanting'
  const stream = isAsked ? process.stdout : process.stderr
  const exit = (): never => process.exit(exitCodes[kind])
  stream.on('error', exit) // nobody reads any more
  if (text === '') exit()
  stream.write(`${text}\n`, exit)
}

const waiting = new Waiting(process.stderr)
const onUncaught = (error: unknown): void => leave(failure(error))
process.on('uncaughtException', onUncaught)
const handOver = (): void => {
  waiting.end()
  process.off('uncaughtException', onUncaught)
}
leave(await main(process.argv.slice(2), { handOver }))
