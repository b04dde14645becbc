/** ioredis, the major version before. */
import { Cluster } from 'ioredis-5'
import t from 'tap'
import { clientSuite } from './client-suite.ts'
import { ioredisDriver } from './ioredis-driver.ts'

clientSuite(t, [ioredisDriver(Cluster, { name: 'ioredis 5', protocol: 2 })])
