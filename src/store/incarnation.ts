/** Names what a store holds from now on, until it is lost: 3 random bytes, as 4 characters of base64url. */
export function newIncarnation(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(3))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}
