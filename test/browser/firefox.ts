import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './once-stage.ts'

/** The Firefox that the tests drive. The driver of Chromium asks it for a command that it does not have. */
export const firefoxPath = '/usr/bin/firefox-esr'

/** The key Enter, as WebDriver writes it. https://w3c.github.io/webdriver/#keyboard-actions */
export const enterKey = '\uE007'

/** A headless Firefox, driven by WebDriver BiDi. https://w3c.github.io/webdriver-bidi/ */
export interface Firefox {
  /** Somebody with an empty cookie jar. */
  visitor(): Promise<FirefoxVisitor>
  close(): Promise<void>
}

/** Whose tabs share a cookie jar. */
export interface FirefoxVisitor {
  tab(): Promise<FirefoxTab>
}

/** A tab. Nothing waits for what comes of a click, a key or Back; `goto` and `reload` wait for the page. */
export interface FirefoxTab {
  goto(url: string): Promise<void>
  back(): Promise<void>
  reload(): Promise<void>
  /** What an expression comes to in the page. */
  run(expression: string): Promise<unknown>
  /** What an expression comes to when it is something: the page may still be on its way. */
  find(expression: string): Promise<string>
  /** Clicks in the middle of the element that a selector finds. */
  click(selector: string): Promise<void>
  /** Presses a key where the focus is. */
  press(key: string): Promise<void>
}

type Send = (method: string, params?: object) => Promise<Record<string, unknown>>

// Before it sends a form again on reload, Firefox asks its person, in a window that this protocol cannot answer: the answer
// is yes. It keeps eight pages for Back, over all its tabs, those that were closed too; here it keeps as many as a file opens.
const preferences = `
user_pref("dom.confirm_repost.testing.always_accept", true);
user_pref("browser.sessionhistory.max_total_viewers", 100);
`

/** Starts Firefox with an empty profile. */
export async function openFirefox(): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), 'firefox-'))
  await writeFile(join(profile, 'user.js'), preferences)
  const firefox = spawn(
    firefoxPath,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
    {
      env: { ...process.env, HOME: profile },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const exited = once(firefox, 'exit')
  const send = await connectTo(await addressOf(firefox))
  await send('session.new', { capabilities: {} })
  return {
    async visitor() {
      const { userContext } = await send('browser.createUserContext')
      return { tab: async () => tabOf(send, await send('browsingContext.create', { type: 'tab', userContext })) }
    },
    async close() {
      firefox.kill('SIGKILL')
      await exited
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function tabOf(send: Send, { context }: Record<string, unknown>): FirefoxTab {
  const run = async (expression: string): Promise<unknown> => {
    const { result } = await send('script.evaluate', { expression, target: { context }, awaitPromise: true })
    return (result as { value?: unknown } | undefined)?.value // a thrown exception has no result
  }
  const act = (type: string, actions: readonly object[]): Promise<unknown> =>
    send('input.performActions', { context, actions: [{ type, id: type, actions }] })
  return {
    run,
    goto: async (url) => void (await send('browsingContext.navigate', { context, url, wait: 'complete' })),
    back: async () => void (await send('browsingContext.traverseHistory', { context, delta: -1 })),
    reload: async () => void (await send('browsingContext.reload', { context, wait: 'complete' })),
    async find(expression) {
      let found: unknown
      await until(async () => {
        found = await run(expression).catch(() => null) // between two pages there is nothing to ask
        return Boolean(found)
      })
      return String(found)
    },
    async click(selector) {
      const point = `(() => { const { x, y, width, height } = document.querySelector('${selector}').getBoundingClientRect()
        return JSON.stringify({ x: Math.round(x + width / 2), y: Math.round(y + height / 2) }) })()`
      const { x, y } = JSON.parse(String(await run(point))) as { x: number; y: number }
      const ends = ['pointerDown', 'pointerUp'].map((type) => ({ type, button: 0 }))
      await act('pointer', [{ type: 'pointerMove', x, y }, ...ends])
    },
    async press(value) {
      const ends = ['keyDown', 'keyUp'].map((type) => ({ type, value }))
      await act('key', ends)
    },
  }
}

async function addressOf(firefox: ChildProcess): Promise<string> {
  let said = ''
  firefox.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await until(() => /ws:\/\/\S+/.test(said))
  return `${/ws:\/\/\S+/.exec(said)?.[0]}/session`
}

async function connectTo(address: string): Promise<Send> {
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<
    number,
    (answer: { type: string; message?: string; result?: Record<string, unknown> }) => void
  >()
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data))
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  let count = 0
  return (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++count
      waiting.set(id, ({ type, message, result = {} }) => {
        if (type === 'error') reject(new Error(`${method}: ${message}`))
        else resolve(result)
      })
      socket.send(JSON.stringify({ id, method, params }))
    })
}
