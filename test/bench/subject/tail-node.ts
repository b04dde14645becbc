/** A node that owns all slots, and can be given a replica, which asks for all it has, or lose it again. */
import { type ClusterNode, startCluster } from '../../../lib/index.ts'
import { ready } from './answer.ts'

const cluster = await startCluster({ masters: 1, replicas: 0 })
const [master] = cluster.masters
if (master === undefined) throw new Error('the master is missing')
let replica: ClusterNode | undefined
ready(master.port, {
  replicate: async () => {
    replica = await cluster.addNode({ replicaOf: master })
  },
  forget: async () => {
    if (replica !== undefined) await cluster.removeNode(replica)
  },
})
