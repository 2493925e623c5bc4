/** Where a server of the bench listens. */
export const host = '127.0.0.1'
export const port: number = Number(process.env.PORT)

/** The secret of all session libraries here, long enough for each of them. */
export const secret: string = process.env.DEWAR_SECRET ?? ''

/** Life of a session in every server of the bench. */
export const lifetimeSeconds: number = 14 * 24 * 60 * 60
