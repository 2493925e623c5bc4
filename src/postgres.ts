export { postgres } from './store/postgres.ts'
export type { PostgresClient, PostgresPool, PostgresQuery } from './store/postgres-client.ts'
