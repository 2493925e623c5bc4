import { type Html, html } from '../html/html.ts'
import type { History } from './history.ts'
import { layout } from './layout.ts'
import { showStory } from './show-story.ts'

/** The page that shows stories as they happen. */
export function livePage(base: string, history: History): Html {
  const stories = history.storiesSince(0)
  const last = `${history.run}.${stories.reduce((most, { change }) => Math.max(most, change), 0)}`
  const shown = stories.map((story) => showStory(base, story))
  return layout(
    { base, title: 'The loop, live', section: 'live' },
    html`<p class="lead">Use the app in another window. Each entry below is what one click caused: a request, how it was answered, and
where the answer led. Files that pages load, such as style sheets, are left out.</p>
<div class="tools">
<button type="button" id="pause" aria-pressed="false" hidden>Pause</button>
<form method="post" action="${base}/forget"><button type="submit">Forget all</button></form>
<p id="state" role="status"></p>
</div>
<p id="empty" ${stories.length === 0 ? null : html`hidden`}>Nothing has happened yet. <a href="/">Open the app</a>, and come back.</p>
<ol id="stories" class="stories" data-events="${base}/events" data-last="${last}">${shown}</ol>`,
  )
}
