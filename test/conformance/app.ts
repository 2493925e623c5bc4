/**
 * The conformance app: an ordinary app of Dewar that anything which speaks HTTP can examine from outside.
 * `npm run conformance`, or `node test/conformance/app.ts`; settings.ts names its variables. It begins in start.ts.
 */
import { registerHooks } from 'node:module'

// Under npm the flag --conditions=dewar-source leads `dewar` to its sources. A bare `node` has no flag, and is told here.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: [...context.conditions, 'dewar-source'] }),
})

await import('./start.ts')
