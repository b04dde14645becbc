import t from 'tap'
import type { CliRequest } from '../../lib/cli/program.ts'
import { serve } from '../../lib/cli/serve.ts'
import { ClusterError } from '../../lib/host/cluster-error.ts'
import type { Cluster } from '../../lib/host/handle.ts'
import type { StartOptions } from '../../lib/host/options.ts'
import { startCluster } from '../../lib/host/start-cluster.ts'

/** A request for one node, and what was started for it. */
function request(given: Partial<CliRequest> = {}): [CliRequest, Cluster[], typeof startCluster] {
  const clusters: Cluster[] = []
  const start = async (options?: StartOptions) => {
    const cluster = await startCluster(options)
    clusters.push(cluster)
    return cluster
  }
  const asked = { start: { masters: 1, replicas: 0 }, json: false, exec: undefined, ...given }
  return [asked, clusters, start]
}

t.test('a command runs with the cluster, its status is ours', async (t) => {
  const script = [
    'const [address] = process.env.REDIS_CLUSTER_NODES.split(",")',
    'const [host, port] = address.split(":")',
    'require("node:net").connect(port, host, () => process.exit(7))',
  ].join(';')
  const exec = `"${process.execPath}" -e '${script}'`
  const [asked, clusters, start] = request({ exec })
  t.equal(await serve(asked, start), 7)
  t.equal(clusters[0]?.nodes[0]?.state, 'stopped')
})

t.test('a command that dies by a signal gives the status a shell would', async (t) => {
  const [asked, , start] = request({ exec: 'kill -9 $$' })
  t.equal(await serve(asked, start), 137)
})

t.test('what goes wrong is said, with a status that tells whose fault it was', async (t) => {
  const listeners = process.listenerCount('SIGTERM')
  const { write } = process.stderr
  let text = ''
  process.stderr.write = (chunk: string | Uint8Array) => {
    text += chunk
    return true
  }
  t.teardown(() => {
    process.stderr.write = write
  })
  const failing = (code: ClusterError['code']) => async (): Promise<Cluster> => {
    throw new ClusterError(code, `because of ${code}`)
  }
  const [asked] = request()
  for (const [code, status] of [
    ['ERR_BAD_OPTION', 2],
    ['ERR_BAD_DIRECTIVE', 2],
    ['ERR_BAD_DIRECTORY', 2],
    ['ERR_PORT_TAKEN', 1],
    ['ERR_NODE_CRASHED', 1],
  ] as const) {
    text = ''
    t.equal(await serve(asked, failing(code)), status, code)
    t.equal(text, `error: because of ${code}\n`)
  }
  t.equal(await serve(asked, failing('ERR_ABORTED')), 0, 'stopped while it started')
  const defect = async (): Promise<Cluster> => {
    throw new TypeError('a defect')
  }
  await t.rejects(serve(asked, defect), { message: 'a defect' })
  t.equal(process.listenerCount('SIGTERM'), listeners, 'no listener is left')
})
