/** node-redis, the current major version. */
import * as redis from 'redis'
import t from 'tap'
import { clientSuite } from './client-suite.ts'
import { nodeRedisDriver } from './node-redis-driver.ts'

clientSuite(t, [
  nodeRedisDriver(redis, { name: 'node-redis 6', protocol: 3 }),
  nodeRedisDriver(redis, { name: 'node-redis 6', protocol: 2 }),
])
