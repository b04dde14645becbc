/**
 * The third step of the build: runs a small cluster in this thread and keeps what V8 compiled meanwhile beside the bundle,
 * so that the threads of a node need not compile it again. Good for the V8 that builds; others keep their own.
 */
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { connect } from 'node:net'

/** @param {string} path of a module the build made, which a fresh clone does not have when types are checked */
const built = (path) => import(new URL(`../dist/${path}`, import.meta.url).href)

const { RunningCluster } = await built('lib/host/cluster.js')
const { resolveOptions } = await built('lib/host/options.js')
const { compileBundle } = await built('workers/bundle.js')

const bundle = compileBundle()
const { boot } = bundle.run(createRequire(import.meta.url))

/** Boots every node in this thread. */
const oneThread = {
  /** @param {unknown} task */
  start(task) {
    void boot(task)
    /** @type {() => void} */
    let release = () => {}
    const ended = new Promise((resolve) => {
      release = () => resolve(undefined)
    })
    return { ended, release, terminate: async () => release() }
  },
}

const options = resolveOptions({ masters: 2, replicas: 1 })
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
await cluster.stop()
bundle.keep()
