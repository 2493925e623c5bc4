import { type FlashMessage, type FormView, type Html, html } from 'dewar'
import { priceOf } from './price.ts'
import type { Order, Print } from './shop.ts'

/** The front page: every print, with how many are left. */
export function shelfPage(prints: readonly Print[]): Html {
  return page(
    'The Print Room',
    html`<h1>Small editions, printed by hand</h1>
<p class="lead">Each print is made a few times and never again. When the last one is ordered, it is gone.</p>
<ul class="shelf">${prints.map(
      (print) => html`<li>
${picture(print)}
<h2><a href="/prints/${print.sku}">${print.title}</a></h2>
<p>${print.about}</p>
<p class="price">${priceOf(print.cents)} <span class="stock">${stockOf(print)}</span></p>
</li>`,
    )}</ul>`,
  )
}

/** One print, with the form that orders it. */
export function orderPage(print: Print, form: FormView): Html {
  return page(
    print.title,
    html`<div class="order">
${about(print)}
<section aria-labelledby="order">
<h2 id="order">Order it</h2>
${form}
<p class="calm">Press the button as often as you like: it is ordered once.</p>
</section>
</div>`,
  )
}

/** One print of which there are none. */
export function soldOutPage(print: Print): Html {
  return page(
    print.title,
    html`<div class="order">
${about(print)}
<section aria-labelledby="order">
<h2 id="order">Sold out</h2>
<p class="calm">All of them have found a wall.</p>
<p><a class="button" href="/">See the other prints</a></p>
</section>
</div>`,
  )
}

/** What was ordered, for who ordered it. */
export function receiptPage(
  { number, count, title, name, email, cents }: Order,
  flashes: readonly FlashMessage[],
): Html {
  return page(
    `Receipt ${number}`,
    html`${flashes.map(({ message }) => html`<p class="flash" role="status">${message}</p>`)}
<article class="receipt">
<h1>Receipt ${number}</h1>
<dl>
<dt>Print</dt><dd>${count} × ${title}</dd>
<dt>In all</dt><dd>${priceOf(count * cents)}</dd>
<dt>For</dt><dd>${name}</dd>
<dt>Confirmed to</dt><dd>${email}</dd>
</dl>
</article>
<p class="calm">Reload this page, or go back and send the form again: it is the same order.</p>
<p><a class="button" href="/">See the other prints</a></p>`,
  )
}

/** The answer to an address that does not exist. */
export function missingPage(): Html {
  return page(
    'Not found',
    html`<h1>Nothing hangs here.</h1>
<p><a class="button" href="/">See the prints</a></p>`,
  )
}

function about(print: Print): Html {
  return html`<div>
${picture(print)}
<h1>${print.title}</h1>
<p class="lead">${print.about}</p>
<p class="price">${priceOf(print.cents)} <span class="stock">${stockOf(print)}</span></p>
</div>`
}

function picture({ sku }: Print): Html {
  return html`<img class="print" src="/static/${sku}.svg" alt="" width="320" height="320">`
}

function stockOf({ stock }: Print): string {
  return stock === 0 ? 'sold out' : stock === 1 ? 'the last one' : `${stock} left`
}

function page(title: string, content: Html): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === 'The Print Room' ? title : `${title} · The Print Room`}</title>
<link rel="icon" href="/static/moon.svg">
<link rel="stylesheet" href="/static/style.css">
</head>
<body>
<header><a class="mark" href="/">The Print Room</a></header>
<main>
${content}
</main>
<footer><p>Begun as an example of Dewar. Nothing here is for sale.</p></footer>
</body>
</html>
`
}
