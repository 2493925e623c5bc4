const mostCharacters = 214
const allowed = `lower case letters, digits, "-", "_" and ".", at most ${mostCharacters}, and a letter or a digit first`

// What npm takes as the name of a package, without a scope.
const good = /^[a-z\d][a-z\d._-]*$/

/** What is wrong with a name as that of a new app, its folder and its package, as a sentence; `null` if nothing is. */
export function faultOfName(name: string): string | null {
  if (isTaken(name)) return `NAME may not be ${name}: the app needs something that is called so already.`
  if (isGood(name)) return null
  const other = nearestTo(name)
  return `NAME is ${JSON.stringify(name)}; it may have ${allowed}.${isGood(other) && !isTaken(other) ? ` ${other} would do.` : ''}`
}

function isGood(name: string): boolean {
  return name.length <= mostCharacters && good.test(name)
}

function isTaken(name: string): boolean {
  return name === 'node_modules' || name === 'dewar'
}

function nearestTo(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '') // é becomes e
    .toLowerCase()
    .replace(/[^a-z\d._-]+/g, '-')
    .slice(0, mostCharacters)
    .replace(/^[._-]+|[._-]+$/g, '')
}
