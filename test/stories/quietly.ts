/** Does work whose log is expected, and would only hide others: `console.error` says nothing meanwhile. */
export async function quietly<Value>(work: () => Promise<Value>): Promise<Value> {
  const { error } = console
  console.error = () => {}
  try {
    return await work()
  } finally {
    console.error = error
  }
}
