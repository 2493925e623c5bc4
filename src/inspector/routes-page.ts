import type { House } from '../app/house.ts'
import { listMiddleware, listRoutes } from '../app/list-routes.ts'
import { type Html, html } from '../html/html.ts'
import { layout } from './layout.ts'

/** The routes of an app, and what stands around them. */
export function routesPage(base: string, house: House): Html {
  const [routes, around] = [listRoutes(house), listMiddleware(house)]
  return layout(
    { base, title: 'Routes', section: 'routes' },
    html`<p class="lead">What the app answers, in the order in which it was said. GET asks and changes nothing; the other methods do something.</p>
${routes.length === 0 ? html`<p>The app has no routes.</p>` : showRoutes(routes)}
${around.length === 0 ? null : showMiddleware(around)}`,
  )
}

function showRoutes(routes: ReturnType<typeof listRoutes>): Html {
  const rows = routes.map(({ method, path, isGuarded, once, form }) => {
    return html`<tr><th scope="row"><span class="method ${method.toLowerCase()}">${method}</span> <span class="address">${path}</span></th><td>${form ?? '–'}</td><td>${once === null ? '–' : onceInWords[once]}</td><td>${isGuarded ? 'yes' : 'no'}</td></tr>`
  })
  return html`<section class="scroll" aria-label="Routes" tabindex="0"><table>
<thead><tr><th scope="col">Route</th><th scope="col">Form</th><th scope="col">Done once</th><th scope="col">Guard</th></tr></thead>
<tbody>${rows}</tbody></table></section>`
}

const onceInWords = {
  tx: 'in one transaction (tx)',
  guard: 'by a claim before (guard)',
  'each time': 'no, each time',
} as const

function showMiddleware(around: ReturnType<typeof listMiddleware>): Html {
  const rows = around.map(
    ({ name, path }) =>
      html`<tr><th scope="row">${name || 'without a name'}</th><td><span class="address">${path}</span></td></tr>`,
  )
  return html`<div class="part"><h2 id="around">Middleware</h2>
<p>It stands around the answers of the routes below its path; the first is outermost.</p>
<section class="scroll" aria-labelledby="around" tabindex="0"><table>
<thead><tr><th scope="col">Function</th><th scope="col">At and below</th></tr></thead>
<tbody>${rows}</tbody></table></section></div>`
}
