import type { Story } from './exchange.ts'
import type { History } from './history.ts'
import { showStory } from './show-story.ts'

/** How long one stream lives, in seconds: a server that stops waits for no longer. Browsers ask again by themselves. */
const streamSeconds = 10

/**
 * Stories that begin or go on after what somebody has seen, as server-sent events whose data is the markup. `seen` is the
 * id of the last event: one of another run has seen nothing of this one.  WHATWG HTML §9.2
 */
export function eventsSince(history: History, base: string, seen: string): Response {
  const [run, change] = seen.split('.')
  const since = run === history.run ? Number(change) || 0 : 0
  let end = (): void => {}
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const encoder = new TextEncoder()
      const send = (text: string): void => controller.enqueue(encoder.encode(text))
      send(`retry: 200\nevent: run\ndata: ${history.run}\n\n`)
      const missed = history.storiesSince(since).toSorted((one, other) => one.change - other.change) // as ids go
      for (const story of missed) send(eventOf(history, base, story))
      const forget = history.listen((story) => send(eventOf(history, base, story)))
      const timer = setTimeout(() => {
        end()
        controller.close()
      }, streamSeconds * 1000)
      end = () => {
        clearTimeout(timer)
        forget()
      }
    },
    cancel: () => end(),
  })
  return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}

// A line of data ends at each line break.
function eventOf({ run }: History, base: string, story: Story): string {
  const lines = String(showStory(base, story)).split(/\r\n|\r|\n/)
  return `id: ${run}.${story.change}\n${lines.map((line) => `data: ${line}\n`).join('')}\n`
}
