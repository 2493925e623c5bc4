import { type Html, raw } from '../html/html.ts'

// The answer is fetched here and shown by the browser: a form that comes back is written into the page, a redirect is
// followed by a navigation of its own. That the first look at its target takes no flash message is asked for by
// `Purpose: prefetch`. Whether there was a redirect to the very same address only the timing entry tells.
const script = `
addEventListener('submit', (event) => {
  const form = event.target, button = event.submitter
  const own = (name) => button?.getAttribute('form' + name) ?? form.getAttribute(name) ?? ''
  const files = [...form.querySelectorAll('input[type=file]')]
  if (event.defaultPrevented || own('enctype') !== 'multipart/form-data' || !files.some((input) => input.files.length)) return
  event.preventDefault()
  const url = new URL(own('action'), document.baseURI).href
  const bar = document.createElement('progress'), status = document.createElement('span')
  const request = new XMLHttpRequest(), body = new FormData(form, button)
  const end = (text) => { bar.remove(); status.textContent = text; if (button) button.disabled = false }
  bar.setAttribute('aria-label', 'Upload')
  bar.className = 'dewar-progress'
  status.setAttribute('role', 'status')
  form.querySelectorAll('.dewar-progress + [role=status]').forEach((old) => old.remove())
  form.append(bar, status)
  if (button) button.disabled = true
  request.upload.onprogress = ({ loaded, total }) => {
    bar.max = total
    bar.value = loaded
    const percent = 25 * Math.floor(4 * loaded / total) + ' %'
    if (status.textContent !== percent) status.textContent = percent
  }
  request.onload = () => setTimeout(() => {
    const entry = performance.getEntriesByName(url).at(-1)
    if (request.responseURL !== url || entry?.redirectStart > 0) return location.assign(request.responseURL)
    if (url !== location.href) history.pushState(null, '', url)
    document.open()
    document.write(request.responseText)
    document.close()
    document.querySelector('[autofocus]')?.focus()
  })
  request.onerror = () => end('The connection was lost. Nothing on this page is lost: try again.')
  addEventListener('pageshow', () => end(''), { once: true })
  request.open('POST', url)
  request.setRequestHeader('Purpose', 'prefetch')
  request.send(body)
})
`

/**
 * A script that shows how much of an upload has been sent: put `${uploadProgress}` anywhere on a page with a form that has
 * files. It adds a `progress` element (class `dewar-progress`) to the form and tells screen readers each quarter. Without
 * JavaScript the form is sent all the same. It needs a Content-Security-Policy that allows inline scripts.
 */
export const uploadProgress: Html = raw(`<script>${script}</script>`)
