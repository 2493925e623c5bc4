import { existsSync, statSync } from 'node:fs'
import { staticMiddleware } from 'srvx/static'
import { DewarError } from '../errors/dewar-error.ts'

/** How files are served. */
export interface StaticOptions {
  /** Seconds for which a browser need not ask again. Default: nothing is said, so browsers guess from the file's age;
   * when they ask they get 304 if nothing changed. */
  readonly maxAgeSeconds?: number
}

/**
 * Serves the files of a folder: `app.mount('/static', staticFiles('public'))`. With types by extension, ETag, ranges and
 * compression; dot files, and links that lead out of the folder, are not there. The work is done by srvx.
 * Throws `app/option-invalid` if the folder does not exist.
 */
export function staticFiles(
  folder: string,
  { maxAgeSeconds }: StaticOptions = {},
): (request: Request) => Promise<Response> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new DewarError('app/option-invalid', `staticFiles(${JSON.stringify(folder)}): there is no such folder.`)
  }
  const files = staticMiddleware({ dir: folder, ...(maxAgeSeconds !== undefined && { maxAge: maxAgeSeconds }) })
  return async (request) => {
    const response = await files(request, missing)
    response.headers.set('x-content-type-options', 'nosniff')
    return response
  }
}

function missing(): Response {
  return new Response('There is no such file.\n', {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
}
