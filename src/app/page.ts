import { type Html, html, raw } from '../html/html.ts'

/** A whole small page of Dewar's own: for failures, and for forms whose author wrote no view. */
export function page(title: string, content: Html): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`
}

const style: Html = raw(`
:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 100%/1.5 system-ui, sans-serif }
main { max-width: 40rem; margin: 10vh auto; padding: 0 1rem }
h1 { font-size: 1.5rem; line-height: 1.2 }
pre { overflow-x: auto; padding: 1rem; border: 1px solid; border-radius: .25rem; white-space: pre-wrap; overflow-wrap: anywhere }
.dewar-summary { border-inline-start: .25rem solid; padding: .25rem 1rem }
.dewar-summary p { margin: .25rem 0 }
.dewar-field { margin-block: 1rem }
.dewar-field label { display: block }
.dewar-check label, .dewar-kept label { display: inline }
.dewar-error { font-weight: bold; margin: 0 }
`)
