import type { FirefoxTab } from './firefox.ts'

// /order       <h1>Order</h1> <p>For a guest</p> <form method="post" action="/order?" class="dewar-form">
//              <input type="hidden" name="_token" value="…"> <input id="order-tea" name="tea" required maxlength="40">
//              <button type="submit">Order</button></form>
// /sign-in     the same with a name
// /receipts/1  <h1>Order 1: Assam</h1> <p role="status">Ordered.</p>

const field = `document.querySelector('input:not([type=hidden])')`
const alert = `document.querySelector('[role=alert]')`
const status = `document.querySelector('[role=status]')`

/** Writes into the field of the page. */
export async function write(tab: FirefoxTab, text: string): Promise<void> {
  await tab.run(`${field}.value = '${text}'`)
}

/** Is done when the page has a field with this in it, and nothing that went wrong. */
export async function untilWritten(tab: FirefoxTab, text: string): Promise<void> {
  await onceLoaded(tab, `${alert} === null && ${field}?.value === '${text}'`)
}

/** What the page says went wrong, and what stands in its field; once it says so. */
export async function refused(tab: FirefoxTab): Promise<{ readonly alert: string; readonly written: unknown }> {
  return { alert: await onceLoaded(tab, `${alert}?.textContent.trim()`), written: await tab.run(`${field}.value`) }
}

/** The heading of the page and the message on it, once the heading begins like this. */
export async function arrived(tab: FirefoxTab, beginning: string): Promise<{ heading: string; said: unknown }> {
  const heading = await onceLoaded(tab, `/^${beginning}.*/.exec(document.querySelector('h1')?.textContent)?.[0]`)
  return { heading, said: await tab.run(`${status}?.textContent`) }
}

/** Orders, and gives the path of the receipt. */
export async function orderTea(tab: FirefoxTab, tea: string): Promise<string> {
  await write(tab, tea)
  await tab.click('button')
  await arrived(tab, 'Order ')
  return String(await tab.run('location.pathname'))
}

function onceLoaded(tab: FirefoxTab, expression: string): Promise<string> {
  return tab.find(`document.readyState === 'complete' && (${expression})`)
}
