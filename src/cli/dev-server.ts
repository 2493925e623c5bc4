import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { dirname, resolve } from 'node:path'
import { DevEnvironment, envFile } from './dev-environment.ts'
import { type DevEnd, DevRun } from './dev-run.ts'
import { stampOf } from './dev-stamp.ts'
import type { DevTerminal } from './dev-terminal.ts'
import type { Report } from './dev-told.ts'
import { type Changed, DevWatch } from './dev-watch.ts'

/** Longest time that requests which run may take to finish when the app is loaded again, in seconds. */
const graceSeconds = 2
/** The same when all ends. */
const lastGraceSeconds = 0.3
/** How long after a reload the next process is prepared: the pages that load again come first. */
const spareAfterMs = 300

/**
 * Serves an app in development: one process has it, and when a file of it changes another one takes its place. What
 * comes meanwhile waits.
 */
export class DevServer {
  readonly #file: string
  readonly #terminal: DevTerminal
  readonly #environment = new DevEnvironment(process.env)
  readonly #watch: DevWatch
  readonly #alive = new Set<DevRun>()
  /** Connections that wait for an app. */
  #waiting: Socket[] = []
  /** Who takes connections. */
  #serving: DevRun | null = null
  /** Who is about to. */
  #coming: DevRun | null = null
  #spare: DevRun | null = null
  #spareTimer: NodeJS.Timeout | undefined
  #hasFailed = false
  #isStopping = false
  #hasBegun = false
  /** Modules that the app has needed, and that may be loaded before it asks for them. */
  readonly #pure = new Set<string>()
  /** The files of the app that is coming. */
  #seen = new Set<string>()

  constructor(file: string, terminal: DevTerminal) {
    this.#file = file
    this.#terminal = terminal
    this.#watch = new DevWatch(dirname(resolve(file)), {
      changed: (changed) => this.#change(changed),
      unwatched: (folder, why) => terminal.sayUnwatched(folder, why),
    })
    for (const path of this.#always) this.#watch.add(path, stampOf(path))
  }

  /** Takes a connection of which nothing was read. */
  take(connection: Socket): void {
    if (this.#serving === null) this.#waiting.push(connection)
    else this.#serving.hand(connection)
  }

  /** Loads the app for the first time. */
  start(): void {
    void this.#renew(null)
  }

  /** Ends all processes, those with requests that run a moment later. */
  async stop(): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#spareTimer)
    this.#watch.close()
    await Promise.all([...this.#alive].map((run) => run.stop(lastGraceSeconds)))
  }

  /** Ends all processes at once. */
  kill(): void {
    for (const run of this.#alive) run.kill()
  }

  get #always(): readonly string[] {
    return [resolve(this.#file), resolve(envFile)]
  }

  #change(changed: Changed): void {
    const { loaded, others, shown, sinceMs } = changed
    const again = this.#hasFailed ? [...loaded, ...others] : loaded
    if (again.includes(resolve(envFile))) this.#dropSpare()
    if (again.length > 0) void this.#renew({ paths: again, sinceMs })
    else if (shown.length > 0 && this.#serving !== null) {
      this.#serving.tell({ dewar: 'refresh', run: randomUUID() })
      this.#terminal.sayReloaded('sent', shown, performance.now() - sinceMs)
    }
  }

  async #renew(why: { readonly paths: readonly string[]; readonly sinceMs: number } | null): Promise<void> {
    void this.#serving?.stop(graceSeconds)
    this.#coming?.kill()
    this.#serving = null
    const run = this.#takeSpare()
    this.#coming = run
    this.#seen = new Set(this.#always)
    run.tell({ dewar: 'load', file: this.#file, run: randomUUID() })
    const outcome = await run.outcome
    if (this.#coming !== run || this.#isStopping) return // another change has come
    this.#hasFailed = outcome.kind !== 'serving'
    if (outcome.kind === 'ended') return this.#showEnd(outcome)
    if (outcome.kind === 'failed') this.#terminal.sayFailure(outcome.sentence)
    else {
      this.#watch.keepOnly(this.#seen)
      if (why !== null) this.#terminal.sayReloaded('reloaded', why.paths, performance.now() - why.sinceMs)
    }
    this.#serve(run)
  }

  #serve(run: DevRun): void {
    this.#coming = null
    this.#serving = run
    for (const connection of this.#waiting) run.hand(connection)
    this.#waiting = []
    clearTimeout(this.#spareTimer)
    this.#spareTimer = setTimeout(() => {
      this.#spare ??= this.#begin()
      this.#spare.tell({ dewar: 'warm', modules: [...this.#pure] })
    }, spareAfterMs)
  }

  /** Shows why there is no app any more, until something changes. If that ends too, requests wait for the change. */
  async #showEnd({ sentence }: Pick<DevEnd, 'sentence'>): Promise<void> {
    this.#terminal.sayFailure(sentence)
    const run = this.#takeSpare()
    this.#coming = run
    run.tell({ dewar: 'show', sentence, run: randomUUID() })
    const outcome = await run.outcome
    if (this.#coming !== run || this.#isStopping || outcome.kind === 'ended') return
    this.#serve(run)
  }

  #takeSpare(): DevRun {
    clearTimeout(this.#spareTimer)
    if (this.#spare?.isFresh === false) this.#dropSpare()
    const spare = this.#spare ?? this.#begin()
    this.#spare = null
    return spare
  }

  #dropSpare(): void {
    this.#spare?.kill()
    this.#spare = null
  }

  #begin(): DevRun {
    const { variables, notices } = this.#environment.next()
    for (const notice of notices) this.#terminal.sayNotice(notice)
    const beginning = { file: this.#file, env: variables, isFirst: !this.#hasBegun }
    const run = new DevRun(beginning, (report, from) => this.#hear(report, from))
    this.#hasBegun = true
    this.#alive.add(run)
    void run.ended.then((end) => this.#lose(run, end))
    return run
  }

  // What it never had goes to who comes next, so it must not count as serving any more by then.
  #lose(run: DevRun, end: DevEnd): void {
    const wasServing = this.#serving === run
    this.#alive.delete(run)
    if (this.#spare === run) this.#spare = null
    if (wasServing) this.#serving = null
    for (const connection of end.left) this.take(connection)
    if (!wasServing || this.#isStopping) return
    this.#hasFailed = true
    void this.#showEnd(end)
  }

  #hear(report: Report, from: DevRun): void {
    if (from !== this.#coming && from !== this.#serving) return // it is of an app that has been replaced
    if (report.dewar === 'pure') this.#pure.add(report.url)
    else if (report.dewar === 'seen') {
      this.#seen.add(report.path)
      this.#watch.add(report.path, report.stamp)
    } else if (report.dewar === 'missing') {
      const paths = report.path === null ? packageFiles : [report.path]
      for (const path of paths.map((path) => resolve(path))) {
        this.#seen.add(path)
        this.#watch.add(path, stampOf(path))
      }
    }
  }
}

// What changes when a package is installed.
const packageFiles = [
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
]
