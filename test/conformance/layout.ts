import { type Html, type HtmlValue, html } from 'dewar'

/** A whole page. */
export function layout(title: string, content: HtmlValue): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/static/mark.svg">
<link rel="stylesheet" href="/static/style.css">
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
