import type { Change } from '../store/store.ts'
import type { OnceEnd, SentWith } from './keeper.ts'

/** What becomes of a submission, as a store is told. Nothing if there is none. */
export function changeOf(once: OnceEnd | undefined, sent: SentWith): Pick<Change, 'once'> {
  if (once === undefined) return {}
  if (once.kind === 'release') return { once }
  const { kind, key, fingerprint, expiresSeconds, owner } = once
  const answer = once.answer(sent)
  return { once: { kind, key, fingerprint, expiresSeconds, answer, ...(owner !== undefined && { owner }) } }
}
