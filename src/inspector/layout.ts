import { type Html, html } from '../html/html.ts'

/** What every page of the inspector is told. */
export interface Frame {
  /** The prefix of its addresses, as `/_dewar`. */
  readonly base: string
  readonly title: string
  /** Which of the pages in the head it belongs to. */
  readonly section: 'live' | 'routes' | 'sessions'
}

/** A whole page of the inspector. */
export function layout({ base, title, section }: Frame, content: Html): Html {
  const links = sections.map(({ name, path, label }) => {
    return html`<li><a href="${base + path}" aria-current="${name === section ? 'page' : null}">${label}</a></li>`
  })
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${short(title)} – Dewar inspector</title>
<link rel="icon" href="${base}/inspector.svg" type="image/svg+xml">
<link rel="stylesheet" href="${base}/inspector.css">
<script src="${base}/inspector.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="head">
<p class="brand"><span class="mark" aria-hidden="true"></span>Dewar inspector</p>
<nav aria-label="Inspector"><ul>${links}</ul></nav>
</header>
<main id="content" tabindex="-1">
<h1>${title}</h1>
${content}
</main>
<footer class="foot"><p>In development, on this machine alone. Nothing of it is there in production.</p></footer>
</body>
</html>
`
}

// Of a long address the beginning tells enough in the title of a window.
function short(title: string): string {
  return title.length <= 45 ? title : `${title.slice(0, 44).toWellFormed()}…`
}

const sections = [
  { name: 'live', path: '', label: 'Live' },
  { name: 'routes', path: '/routes', label: 'Routes' },
  { name: 'sessions', path: '/sessions', label: 'Sessions' },
] as const
