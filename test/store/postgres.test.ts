import { after, before } from 'node:test'
import { examineStore, examineTransactions } from './contract.ts'
import { PostgresStages } from './postgres-stage.ts'
import { type PostgresServer, skipPostgres, startPostgres } from './servers/postgres-server.ts'
import { tellStories } from './stories.ts'

let server: PostgresServer | undefined
let stages: PostgresStages | undefined

before(async () => {
  if (skipPostgres !== false) return
  server = await startPostgres()
  stages = await PostgresStages.create(server, 'stage')
})
after(async () => {
  await stages?.end()
  await server?.stop()
})

const open = async () => {
  if (stages === undefined) throw new Error('There is no server.')
  return stages.open()
}

examineStore('postgres', { skip: skipPostgres, open })
examineTransactions('postgres', { skip: skipPostgres, open })
tellStories('PostgreSQL', { skip: skipPostgres, open })
