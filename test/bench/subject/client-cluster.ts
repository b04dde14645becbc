/** A cluster of 3 + 3 for clients of another process; it says where its nodes listen. */
import { startCluster } from '../../../lib/index.ts'
import { ready } from './answer.ts'

const cluster = await startCluster()
ready(cluster.nodes.map(({ host, port, busPort }) => ({ host, port, busPort })))
