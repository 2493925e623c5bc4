/** The style sheet of the pages: light and dark, from 320 pixels up. */
export const style = `:root {
  color-scheme: light dark;
  --paper: #f4f5f7;
  --card: #fff;
  --ink: #1d2329;
  --faint: #57606a;
  --line: #d5dae0;
  --accent: #0b6a60;
  --accent-paper: #e2f2ef;
  --get: #1c5fa8;
  --post: #8a3a9c;
  --good: #1f6b34;
  --moved: #7a5200;
  --bad: #b3261e;
  --added: #e3f4e6;
  --removed: #fce8e6;
  --changed: #fdf3d8;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181c;
    --card: #1c2227;
    --ink: #e6eaee;
    --faint: #a3adb8;
    --line: #363f48;
    --accent: #6fd0c2;
    --accent-paper: #173430;
    --get: #8fc1f7;
    --post: #dea3ec;
    --good: #86d69b;
    --moved: #e8c170;
    --bad: #ff9c93;
    --added: #17331e;
    --removed: #3d1f1c;
    --changed: #392f14;
  }
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; overflow-wrap: anywhere }
a { color: var(--accent); text-underline-offset: .2em }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px }
main:focus { outline: none }
.skip { position: absolute; inset-inline-start: -100vw; padding: .5rem 1rem; background: var(--card) }
.skip:focus { inset-inline-start: .5rem; inset-block-start: .5rem; z-index: 2 }
.head { display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: center; padding: .6rem clamp(1rem, 4vw, 2.5rem); background: var(--card); border-block-end: 1px solid var(--line); position: sticky; inset-block-start: 0; z-index: 1 }
.brand { margin: 0; font-weight: 700; display: flex; gap: .6rem; align-items: center }
.mark { width: .9rem; height: .9rem; border: 3px solid var(--accent); border-radius: 50% 50% 50% 0 }
.head ul { display: flex; gap: .25rem; list-style: none; margin: 0; padding: 0 }
.head nav a { display: block; padding: .4rem .8rem; border-radius: 6px; color: var(--ink); text-decoration: none }
.head nav a:hover { text-decoration: underline }
.head nav a[aria-current] { background: var(--accent-paper); color: var(--accent); font-weight: 600 }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 3rem }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem }
p { margin: .5rem 0 }
.lead { max-width: 46rem }
.foot { padding: 1rem clamp(1rem, 4vw, 2.5rem); color: var(--faint); font-size: .875rem; border-block-start: 1px solid var(--line) }
button { font: inherit; min-height: 2.5rem; padding: .35rem 1rem; border: 1px solid var(--faint); border-radius: 6px; background: var(--card); color: var(--ink); cursor: pointer }
button:hover { border-color: var(--accent) }
button[aria-pressed='true'] { background: var(--accent); border-color: var(--accent); color: var(--card) }
input { font: inherit; min-height: 2.5rem; padding: .35rem .7rem; border: 1px solid var(--faint); border-radius: 6px; background: var(--card); color: var(--ink); max-width: 100% }
code, .address, .value { font-family: var(--mono); font-size: .9em }
.value { white-space: pre-wrap }
.tools { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin-block: 1rem }
.tools p { margin: 0; color: var(--faint) }
.stories { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: .75rem }
.story { padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px }
.story p { margin: .35rem 0 0 }
.facts { color: var(--faint); font-size: .875rem }
.lesson { font-size: .925rem; max-width: 60rem }
.way { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .35rem .5rem; align-items: center }
.way li { display: flex; align-items: center; gap: .5rem; max-width: 100% }
.way li + li::before { content: '→'; color: var(--faint) }
.way a { display: inline-flex; flex-wrap: wrap; gap: .15rem .55rem; align-items: baseline; padding: .3rem .65rem; border: 1px solid var(--line); border-radius: 8px; color: var(--ink); text-decoration: none; max-width: 100% }
.way a:hover { border-color: var(--accent) }
.way a[aria-current] { border-color: var(--accent); background: var(--accent-paper) }
.method { font-weight: 700; font-size: .85em; letter-spacing: .02em }
.method.get, .method.head, .method.any { color: var(--get) }
.method.post, .method.put, .method.patch, .method.delete { color: var(--post) }
.status { font-weight: 700; font-variant-numeric: tabular-nums; color: var(--good) }
.status.s3 { color: var(--moved) }
.status.s4, .status.s5 { color: var(--bad) }
.reason { font-weight: 400 }
.chain { margin-block: .75rem }
.error { padding: .6rem 1rem; background: var(--removed); border-inline-start: 4px solid var(--bad); border-radius: 4px }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card) }
table { border-collapse: collapse; width: 100%; min-width: 30rem }
th, td { text-align: start; vertical-align: top; padding: .5rem .8rem; border-block-start: 1px solid var(--line) }
thead th { border-block-start: 0; color: var(--faint); font-size: .875rem }
tbody th { font-weight: 600; overflow-wrap: normal; min-width: 6.5rem }
.number { white-space: nowrap; font-variant-numeric: tabular-nums }
meter { width: 4.5rem; height: .8rem; margin-inline-end: .6rem; vertical-align: middle }
tr.exit { background: var(--accent-paper) }
.out { font-weight: 600 }
tr.added { background: var(--added) }
tr.removed { background: var(--removed) }
tr.changed { background: var(--changed) }
.pairs { margin: .5rem 0; display: grid; gap: .35rem }
.pairs div { display: grid; grid-template-columns: minmax(8rem, 13rem) 1fr; gap: .25rem 1rem }
.pairs dt { color: var(--faint) }
.pairs dd { margin: 0 }
.search { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin-block: .75rem 1rem }
@media (max-width: 40rem) {
  .head { position: static }
  .pairs div { grid-template-columns: 1fr; gap: 0 }
  th, td { padding: .45rem .6rem }
}
@media (prefers-reduced-motion: no-preference) {
  .fresh { animation: fresh 1.2s ease-out }
  @keyframes fresh { from { background: var(--accent-paper) } }
}
@media (forced-colors: active) {
  tr.exit th, tr.added td, tr.removed td, tr.changed td { border-inline-start: 3px solid }
}
`
