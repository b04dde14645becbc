/** node-redis, the major version before. */
import * as redis from 'redis-5'
import t from 'tap'
import { clientSuite } from './client-suite.ts'
import { type NodeRedis, nodeRedisDriver } from './node-redis-driver.ts'

const library = redis as unknown as NodeRedis

clientSuite(t, [
  nodeRedisDriver(library, { name: 'node-redis 5', protocol: 3 }),
  nodeRedisDriver(library, { name: 'node-redis 5', protocol: 2 }),
])
