/**
 * The script of the pages. Without it they show what was there when they were asked for. It holds its stream only while
 * the page is to be seen: browsers have six connections for a host, and the app needs them.
 */
export const script = `'use strict'
const list = document.getElementById('stories')
if (list !== null) {
  const pause = document.getElementById('pause')
  const state = document.getElementById('state')
  const empty = document.getElementById('empty')
  let last = list.dataset.last
  let source = null
  const say = (text) => {
    if (state.textContent !== text) state.textContent = text
  }
  const place = (story) => {
    const known = document.getElementById(story.id)
    const held = known !== null && known.contains(document.activeElement)
    const index = held ? [...known.querySelectorAll('a')].indexOf(document.activeElement) : -1
    if (known === null) list.prepend(story)
    else known.replaceWith(story)
    if (index >= 0) story.querySelectorAll('a')[index]?.focus()
  }
  const show = (event) => {
    const holder = document.createElement('template')
    holder.innerHTML = event.data
    const story = holder.content.firstElementChild
    if (story === null) return
    last = event.lastEventId
    story.classList.add('fresh')
    place(story)
    empty.hidden = true
    while (list.children.length > 300) list.lastElementChild.remove()
  }
  const close = () => {
    source?.close()
    source = null
  }
  const follow = () => {
    const isWanted = document.visibilityState === 'visible' && pause.getAttribute('aria-pressed') === 'false'
    if (!isWanted) return close()
    if (source !== null) return
    source = new EventSource(list.dataset.events + '?since=' + last)
    source.onmessage = show
    source.onopen = () => say('Live')
    source.addEventListener('run', ({ data }) => {
      if (last.startsWith(data + '.')) return
      list.replaceChildren() // the app was loaded anew, and has forgotten them
      last = data + '.0'
      empty.hidden = false
    })
    source.onerror = () => {
      // A stream ends every ten seconds and is asked for again by itself. This one was refused.
      if (source?.readyState === EventSource.CLOSED) say('The app is away. Reload this page when it is back.')
    }
  }
  pause.hidden = false
  pause.addEventListener('click', () => {
    const isPaused = pause.getAttribute('aria-pressed') === 'false'
    pause.setAttribute('aria-pressed', String(isPaused))
    if (isPaused) say('Paused')
    follow()
  })
  document.addEventListener('visibilitychange', follow)
  addEventListener('pagehide', close)
  addEventListener('pageshow', follow)
  list.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const links = [...list.querySelectorAll('a')]
    const next = links[links.indexOf(document.activeElement) + step]
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  })
  follow()
}
`
