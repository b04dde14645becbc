/** A node that owns all slots, hosted as users host it: a cluster of one in a process of its own. */
import { startCluster } from '../../../lib/index.ts'
import { cpuMicroseconds, ready } from './answer.ts'

const cluster = await startCluster({ masters: 1, replicas: 0 })
ready(cluster.nodes[0]?.port, { cpu: cpuMicroseconds })
