/** Where the script is that loads a page again. */
export const scriptPath = '/_dewar/reload.js'

/** Where it hears of changes. */
export const reloadPath = '/_dewar/reload'

/**
 * Loads a page again when the app has changed; nothing that a person has typed is lost by that, and nothing is sent
 * twice: then a bar says it, and they choose. It keeps a connection only while the page can be seen, for browsers keep
 * six of them for a host, and none when the page is left, for such a page cannot be kept for the way back.
 */
export const reloadScript: string = `(() => {
  'use strict'
  const { run, method } = document.currentScript.dataset
  if (window.dewarReload) return
  window.dewarReload = true
  let source = null
  let timer = 0
  let pauseMs = 10
  let isLeaving = false
  let bar = null

  function open() {
    clearTimeout(timer)
    if (source || document.visibilityState !== 'visible') return
    source = new EventSource('${reloadPath}')
    source.onmessage = ({ data }) => {
      pauseMs = 10
      if (data !== run) changed(data)
    }
    source.onerror = () => {
      close()
      timer = setTimeout(open, pauseMs)
      pauseMs = Math.min(pauseMs * 2, 2000)
    }
  }

  function close() {
    clearTimeout(timer)
    source?.close()
    source = null
  }

  function changed(now) {
    if (method !== 'GET' || isLeaving || isTyped() || isRepeated(now)) show()
    else location.reload()
  }

  // A page that is still the old one after it was loaded again came from a cache.
  function isRepeated(now) {
    try {
      if (sessionStorage.getItem('dewar-reload') === now + location.href) return true
      sessionStorage.setItem('dewar-reload', now + location.href)
    } catch {
      // a page that may keep nothing
    }
    return false
  }

  function isTyped() {
    return document.activeElement?.isContentEditable || [...document.querySelectorAll('input, textarea, select')].some(differs)
  }

  function differs(control) {
    if (control.localName === 'select') return selectDiffers(control)
    if (control.localName === 'textarea') return control.value !== control.defaultValue
    switch (control.type) {
      case 'hidden':
      case 'submit':
      case 'reset':
      case 'button':
      case 'image':
        return false
      case 'checkbox':
      case 'radio':
        return control.checked !== control.defaultChecked
      case 'file':
        return control.files.length > 0
      default:
        return control.value !== control.defaultValue && control.value !== untouched(control)
    }
  }

  // What a browser makes of a default that is no value for such a control, as of none for a range.
  function untouched(control) {
    const other = document.createElement('input')
    for (const { name, value } of control.attributes) if (/^(?:type|min|max|step|value|multiple)$/.test(name)) other.setAttribute(name, value)
    return other.value
  }

  function selectDiffers(control) {
    const options = [...control.options]
    if (control.multiple || options.some((option) => option.defaultSelected)) {
      return options.some((option) => option.selected !== option.defaultSelected)
    }
    return control.selectedIndex > options.findIndex((option) => !option.disabled)
  }

  function show() {
    if (bar) return
    bar = document.createElement('div')
    const text = document.createElement('span')
    const button = document.createElement('button')
    bar.setAttribute('role', 'status')
    style(bar, {
      all: 'initial', position: 'fixed', 'inset-inline': '0', bottom: '0', 'z-index': '2147483647',
      'color-scheme': 'light dark', background: 'Canvas', color: 'CanvasText', 'border-top': '1px solid',
      font: '1rem/1.5 system-ui, sans-serif', padding: '.5rem 1rem', display: 'flex', gap: '1rem',
      'align-items': 'center', 'justify-content': 'center', 'flex-wrap': 'wrap',
    })
    style(button, { font: 'inherit', padding: '.25rem 1rem', 'min-height': '2rem', cursor: 'pointer' })
    button.type = 'button'
    button.addEventListener('click', () => location.reload())
    document.body.append(bar)
    // Into a region that is there already: else it is not read out.
    setTimeout(() => {
      text.textContent = 'The app has changed. Reload to see it.'
      button.textContent = 'Reload'
      bar.append(text, button)
    }, 100)
  }

  function style(element, properties) {
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value)
  }

  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? open() : close()))
  addEventListener('pagehide', close)
  addEventListener('pageshow', () => {
    isLeaving = false
    open()
  })
  addEventListener('submit', (event) => {
    if (!event.defaultPrevented) isLeaving = true
  })
  open()
})()
`
