/** ioredis, the current major version. */
import { Cluster } from 'ioredis'
import t from 'tap'
import { clientSuite } from './client-suite.ts'
import { ioredisDriver } from './ioredis-driver.ts'

clientSuite(t, [
  ioredisDriver(Cluster, { name: 'ioredis 6', protocol: 3 }),
  ioredisDriver(Cluster, { name: 'ioredis 6', protocol: 2, redisOptions: { protocol: 2 } }),
  ioredisDriver(Cluster, {
    name: 'ioredis 6 with automatic pipelines',
    protocol: 3,
    enableAutoPipelining: true,
  }),
])
