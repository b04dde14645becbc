/**
 * The third step of the build: runs a small cluster in this thread and keeps what V8 compiled meanwhile beside the bundle,
 * so that the threads of a node need not compile it again. Good for the V8 that builds; others do without.
 */
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { RunningCluster } from '../dist/lib/host/cluster.js'
import { resolveOptions } from '../dist/lib/host/options.js'
import { compileBundle } from '../dist/workers/bundle.js'

const bundle = compileBundle()
const { boot } = bundle.run()

/** Boots every node in this thread. */
const oneThread = {
  /** @param {Parameters<typeof boot>[0]} task */
  start(task) {
    void boot(task)
    let release = () => {}
    const ended = new Promise((resolve) => {
      release = () => resolve(undefined)
    })
    return { ended, release, terminate: async () => release() }
  },
}

const options = resolveOptions({ masters: 2, replicas: 1 })
// @ts-expect-error a pool of this thread alone
const cluster = await RunningCluster.start(options, oneThread)
for (const { host, port } of cluster.addresses) {
  const socket = connect(port, host)
  socket.write(
    ['HELLO 3', 'CLUSTER SLOTS', 'INFO', 'SET k v', 'GET k', 'MULTI', 'EXEC', 'QUIT', ''].join(
      '\r\n',
    ),
  )
  socket.resume()
  await once(socket, 'close')
}
await writeFile(bundle.cachePath, bundle.script.createCachedData())
await cluster.stop()
