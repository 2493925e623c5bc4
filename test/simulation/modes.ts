/** Where sessions are: in sealed cookies; in a store without transactions; in a store with them. */
export type Mode = 'cookie' | 'memory' | 'tx'

export const modes: readonly [Mode, ...Mode[]] = ['cookie', 'memory', 'tx']
