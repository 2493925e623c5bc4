import { type Html, raw } from '../html/html.ts'

/** The request header in which a script names the path of the form that it sends. */
export const onceFormHeader = 'once-form'

/** The header of the answer that has the next token for that form. */
export const onceNextHeader = 'once-next'

// Sent without its margin. A request of a script keeps its headers when it is redirected, so the last answer has the token.
const source = `
{
  const name = (headers, to) => {
    const url = new URL(to, document.baseURI)
    if (url.origin === location.origin) headers['Once-Form'] = url.pathname
  }
  const renew = (element, token) => {
    const input = element?.closest('form')?.querySelector('input[name=_token]')
    if (input && token) input.value = token
  }
  const on = (event, act) => addEventListener(event, ({ detail }) => act(detail))
  on('htmx:configRequest', ({ headers, path }) => name(headers, path))
  on('htmx:afterRequest', ({ elt, xhr }) => renew(elt, xhr.getResponseHeader('Once-Next')))
  on('htmx:config:request', ({ ctx }) => name(ctx.request.headers, ctx.request.action))
  on('htmx:after:request', ({ ctx }) => renew(ctx.sourceElement, ctx.response.headers.get('Once-Next')))
  on('turbo:before-fetch-request', ({ fetchOptions, url }) => name(fetchOptions.headers, url))
  on('turbo:submit-end', ({ formSubmission, fetchResponse }) =>
    renew(formSubmission.formElement, fetchResponse?.header('Once-Next')))
}
`

const script = source.replaceAll(/\n\s*/g, '\n')

/**
 * A script for pages that htmx or Turbo sends forms of without leaving them: put `${onceNext}` on the page, and a form that
 * was sent is ready for another submission. Without it what is sent next counts as a change of the first one. Scripts of
 * your own send the header `Once-Form` with the path of the form, and put what the header `Once-Next` of the answer says
 * into its hidden input `_token`.
 */
export const onceNext: Html = raw(`<script>${script}</script>`)

/** What allows `onceNext` in a Content-Security-Policy, as `uploadProgressHash` does for its script.  CSP 3 §6.7.3.3 */
export const onceNextHash = 'sha256-K1WJyf7VQLcd1TatLf5Fd6E/H0fzw7MEffNwyxWp6S8='
