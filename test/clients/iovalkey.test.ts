/** iovalkey, the fork of ioredis for Valkey. */
import { Cluster } from 'iovalkey'
import t from 'tap'
import { clientSuite } from './client-suite.ts'
import { ioredisDriver } from './ioredis-driver.ts'

clientSuite(t, [ioredisDriver(Cluster, { name: 'iovalkey', protocol: 2 })])
