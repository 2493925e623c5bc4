import { type AnyDewar, storeOf } from '../app/dewar.ts'
import type { Store } from '../store/store.ts'
import { Refused } from './failure.ts'
import { loadApp } from './load-app.ts'

/** Does something with the store of the app in a file, made ready before and closed afterwards. Gives what it says. */
export async function withStore(file: string, does: (store: Store, app: AnyDewar) => Promise<string>): Promise<string> {
  const app = await loadApp(file)
  const store = storeOf(app)
  if (store === null) {
    throw new Refused(`${file} has no store: its sessions are sealed into cookies, and nothing is kept on the server.`)
  }
  if (store.name === 'memory') {
    throw new Refused(`${file} keeps its sessions in the memory of its own process, where no other one sees them.`)
  }
  try {
    await store.prepare()
    return await does(store, app)
  } finally {
    await store.close().catch(() => {}) // what was done is done
  }
}
