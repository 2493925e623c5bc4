export { type RedisOptions, redis } from './store/redis.ts'
export type {
  IoRedisClient,
  NodeRedisClient,
  NodeRedisCluster,
  NodeRedisOptions,
  RedisClient,
} from './store/redis-client.ts'
