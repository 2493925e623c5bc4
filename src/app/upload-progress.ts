import { type Html, raw } from '../html/html.ts'
import { redirectHeader } from './spelled-redirect.ts'

// Sent without its margin. In a block, because it runs again in each page that it writes.
// - What the pressed button says counts before what the form says. What is not for this page alone the browser sends.
// - Of a redirect it is told, and the browser follows, where it leads to a page: a script is not run. To another place in
//   this very page it would only scroll: so the page gets another address before. The target may be a download: the form
//   can be used again after a while.
// - What is no page is never read as HTML: text stands behind `plaintext`, which nothing ends, and all else is saved.
// - On Back the form can be used again: browsers bring back a button as it was.
const source = `
{
  const sending = new WeakSet()
  const make = (name, properties) => Object.assign(document.createElement(name), properties)
  const bare = (url) => String(url).split('#')[0]

  addEventListener('submit', (event) => {
    const form = event.target, button = event.submitter
    const own = (name) => button?.getAttribute('form' + name) ?? form.getAttribute(name) ?? ''
    const url = new URL(own('action') || location, document.baseURI)
    if (event.defaultPrevented || url.origin !== location.origin) return
    if ((own('method') + own('enctype') + own('target')).toLowerCase() !== 'postmultipart/form-data') return
    const body = new FormData(form, button)
    if (![...body.values()].some((value) => value.name)) return
    event.preventDefault()
    if (!sending.has(form)) send(form, button, url, body)
  })

  const send = (form, button, url, body) => {
    const request = new XMLHttpRequest()
    const box = make('div', { className: 'dewar-upload' })
    const bar = make('progress', { className: 'dewar-progress', ariaLabel: 'Upload', value: 0 })
    const cancel = make('button', { type: 'button', textContent: 'Cancel', onclick: () => request.abort() })
    const status = make('span', { role: 'status' })
    let isSent = false
    const end = (text) => {
      sending.delete(form)
      if (button) button.disabled = false
      bar.remove()
      cancel.remove()
      status.textContent = text
    }
    form.querySelector('.dewar-upload')?.remove()
    form.append(box)
    box.append(bar, cancel, status)
    sending.add(form)
    if (button) button.disabled = true
    request.upload.onprogress = ({ loaded, total }) => {
      bar.value = loaded / total
      const quarter = Math.floor(4 * bar.value) * 25 + ' %'
      if (status.textContent !== quarter) status.textContent = quarter
    }
    request.upload.onload = () => {
      isSent = true
      cancel.remove()
    }
    request.onload = () => show(request, end)
    request.onabort = () => end('')
    request.onerror = () => end(isSent
      ? 'The connection was lost when all had been sent. Please look whether it has arrived before you try again.'
      : 'The connection was lost. Nothing on this page is lost: try again.')
    addEventListener('pagehide', () => end(''))
    request.open('POST', url)
    request.responseType = 'blob'
    request.setRequestHeader('Accept', 'text/html')
    request.setRequestHeader('${redirectHeader}', 'told')
    request.send(body)
  }

  const show = async (request, end) => {
    const { response, responseURL } = request
    const told = (name) => request.getResponseHeader(name) ?? ''
    if (told('location')) {
      const to = new URL(told('location'), responseURL)
      if (!/^https?:$/.test(to.protocol)) return end('The answer names no page to go to.')
      const scrolls = to.hash && bare(to) === bare(location)
      if (scrolls) history.replaceState(null, '', to.href.replace('#', '?#'))
      setTimeout(end, 10000, '')
      return scrolls ? location.replace(to) : location.assign(to)
    }
    const disposition = told('content-disposition')
    if (/^attachment/i.test(disposition) || !/^text|json/.test(response.type)) {
      end('')
      const name = /filename\\*=UTF-8''([^;]+)/.exec(disposition) ?? /filename="([^"]+)/.exec(disposition) ?? ['', '']
      if (response.size > 0) make('a', { href: URL.createObjectURL(response), download: decodeURIComponent(name[1]) }).click()
      return
    }
    const text = await response.text()
    const isElsewhere = responseURL !== bare(location)
    if (isElsewhere) history.pushState(null, '', responseURL)
    document.open()
    if (isElsewhere) addEventListener('popstate', () => bare(location) === responseURL || location.reload())
    document.write((/^text\\/html/i.test(response.type) ? '' : '<plaintext>') + text)
    document.close()
    document.querySelector('[autofocus]')?.focus()
  }
}
`

const script = source.replaceAll(/\n\s*/g, '\n')

/**
 * A script that shows how much of an upload has been sent: put `${uploadProgress}` anywhere on a page with a form that
 * has files. It adds a `div` (class `dewar-upload`) with a `progress` element and a Cancel button to the form, and tells
 * screen readers each quarter. Without JavaScript the form is sent all the same.
 * A Content-Security-Policy that forbids inline scripts has to allow `uploadProgressHash`.
 */
export const uploadProgress: Html = raw(`<script>${script}</script>`)

/**
 * What allows `uploadProgress` in a Content-Security-Policy: `script-src 'self' '${uploadProgressHash}'`. It changes with
 * the script, so from one version to another.  CSP 3 §6.7.3.3
 */
export const uploadProgressHash = 'sha256-dpyXTzZHMAdUMs82PKrOgAz8wFy06LTIahH089mxnbA='
