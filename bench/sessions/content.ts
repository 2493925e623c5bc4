import * as z from 'zod'

/** What a session of the bench holds: about 300 bytes as JSON. */
export const visitor = z.object({
  username: z.string(),
  visits: z.number(),
  locale: z.string(),
  theme: z.enum(['light', 'dark']),
  seen: z.array(z.string()),
  cart: z.array(z.object({ sku: z.string(), title: z.string(), count: z.number() })),
})

export type Visitor = z.infer<typeof visitor>

/** The session of the visitor with this number. */
export function visitorOf(number: number): Visitor {
  return {
    username: number === 0 ? oddName : `Visitor ${number}`,
    visits: number % 100,
    locale: 'de-AT',
    theme: number % 3 === 0 ? 'dark' : 'light',
    seen: [0, 1, 2, 3].map((back) => `/teas/${skuOf(number + back)}`),
    cart: [
      { sku: skuOf(number), title: 'First flush, 100 g', count: 1 },
      { sku: skuOf(number + 7), title: 'Roasted in the pan, 50 g', count: 2 },
    ],
  }
}

/** A name that a page has to escape. */
export const oddName = '<b>&"'

function skuOf(number: number): string {
  return `T-${String(number % 10_000).padStart(5, '0')}`
}
