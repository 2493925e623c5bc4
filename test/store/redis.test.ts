import { after, before } from 'node:test'
import { examineStore } from './contract.ts'
import { RedisStages, withIoRedis, withNodeRedis } from './redis-stage.ts'
import { type RedisServer, skipRedis, startRedis } from './servers/redis-server.ts'
import { tellStories } from './stories.ts'

const clients = { 'node-redis': withNodeRedis, ioredis: withIoRedis }
const stages = new Map<string, RedisStages>()
let server: RedisServer | undefined

before(async () => {
  if (skipRedis !== false) return
  server = await startRedis()
  for (const [name, connects] of Object.entries(clients)) {
    stages.set(name, await RedisStages.create(server, connects))
  }
})
after(async () => {
  for (const each of stages.values()) each.end()
  await server?.stop()
})

for (const name of Object.keys(clients)) {
  const open = async () => {
    const there = stages.get(name)
    if (there === undefined) throw new Error('There is no server.')
    return there.open()
  }
  examineStore(`redis by ${name}`, { skip: skipRedis, open })
  tellStories(`Redis by ${name}`, { skip: skipRedis, open })
}
