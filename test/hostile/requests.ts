/** Requests as a hostile client writes them: texts of one character a byte. The host is always `localhost`. */

/** The bytes of a text in UTF-8. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** Lines of a head, as they stand; the connection closes after the answer unless a line says otherwise. */
export function head(startLine: string, ...headers: readonly string[]): string {
  const closing = headers.some((header) => /^connection:/i.test(header)) ? [] : ['Connection: close']
  return `${[startLine, 'Host: localhost', ...headers, ...closing].join('\r\n')}\r\n\r\n`
}

/** A GET. */
export function get(target: string, ...headers: readonly string[]): string {
  return head(`GET ${target} HTTP/1.1`, ...headers)
}

/** A POST from a page of the app, with a body of a type; `''` sends no Content-Type. */
export function post(path: string, type: string, body: string, ...headers: readonly string[]): string {
  return send(path, type, body, 'Sec-Fetch-Site: same-origin', ...headers)
}

/** A POST with a body of a type, and nothing that says where it comes from. */
export function send(path: string, type: string, body: string, ...headers: readonly string[]): string {
  const typed = type === '' ? [] : [`Content-Type: ${type}`]
  return head(`POST ${path} HTTP/1.1`, ...typed, `Content-Length: ${body.length}`, ...headers) + body
}

/** The type of a plain form. */
export const urlencoded = 'application/x-www-form-urlencoded'

/** A POST of a plain form from a page of the app. */
export function fields(path: string, body: string, ...headers: readonly string[]): string {
  return post(path, urlencoded, body, ...headers)
}

/** A POST of a body in chunks as they stand, from a page of the app. */
export function chunked(path: string, chunks: string, ...headers: readonly string[]): string {
  const type = headers.some((header) => /^content-type:/i.test(header)) ? [] : [`Content-Type: ${urlencoded}`]
  return (
    head(`POST ${path} HTTP/1.1`, ...type, 'Sec-Fetch-Site: same-origin', 'Transfer-Encoding: chunked', ...headers) +
    chunks
  )
}

/** The boundary of multipart bodies that do not say another. */
export const boundary = 'XyZ'

/** A POST of a multipart body as it stands, from a page of the app. */
export function multipart(path: string, body: string, type = `multipart/form-data; boundary=${boundary}`): string {
  return post(path, type, body)
}

/** A part: its headers as they stand, and its content. */
export function part(headers: string, content = ''): string {
  return `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n`
}

/** A part that is a field. */
export function field(name: string, value: string): string {
  return part(`Content-Disposition: form-data; name="${name}"`, value)
}

/** A part that is a file of plain text. */
export function file(name: string, filename: string, content: string): string {
  return part(
    `Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: text/plain`,
    content,
  )
}

/** The end of a multipart body. */
export const end = `--${boundary}--\r\n`
