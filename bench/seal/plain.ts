import { type Codec, parseSession } from './session.ts'

/** The floor: base64url JSON that anybody can read and change. Never use it; it shows what the protection costs. */
export const plain: Codec = {
  seal: (session) => Buffer.from(JSON.stringify(session)).toString('base64url'),
  open: (cookie) => parseSession(Buffer.from(cookie, 'base64url').toString()),
}
