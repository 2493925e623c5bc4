export { type ServeOptions, type Server, serve, type TrustProxy } from './node/serve.ts'
export { type StaticOptions, staticFiles } from './node/static-files.ts'
export { type NodeHandler, toNodeHandler } from './node/to-node-handler.ts'
