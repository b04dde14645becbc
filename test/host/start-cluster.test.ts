import { spawnSync } from 'node:child_process'
import t from 'tap'
import { ClusterError } from '../../lib/host/cluster-error.ts'
import { startCluster } from '../../lib/host/start-cluster.ts'

/** Runs a script that has \`startCluster\`, and hands back what it printed. */
function run(script: string): string {
  const module = new URL('../../lib/host/start-cluster.js', import.meta.url)
  const prelude = `
    import { createRequire } from 'node:module'
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => /piscina/.test(path))
    const { startCluster } = await import(${JSON.stringify(module.href)})
  `
  const child = spawnSync(
    process.execPath,
    ['--expose-gc', '--input-type=module', '-e', prelude + script],
    { encoding: 'utf8', timeout: 100_000, cwd: import.meta.dirname },
  )
  if (child.status !== 0) throw new Error(child.stderr)
  return child.stdout
}

t.test('bad options are refused before anything is loaded', async (t) => {
  await t.rejects(startCluster({ masters: 0 }), ClusterError)
  t.equal(
    run(`
      await startCluster({ masters: 0 }).catch((error) => console.log(error.code, loaded()))
      const cluster = await startCluster({ masters: 1, replicas: 0 })
      console.log(loaded())
      await cluster.stop()
    `),
    'ERR_BAD_OPTION false\ntrue\n',
  )
})

t.test('a process ends by itself, whether it stops its cluster or not', async (t) => {
  t.equal(
    run(`
      const stopped = await startCluster({ masters: 1, replicas: 1 })
      await stopped.stop()
      await startCluster({ masters: 1, replicas: 1 })
      console.log('ready')
    `),
    'ready\n',
  )
})

t.test('cluster after cluster leaves nothing behind', async (t) => {
  const output = run(`
    const heap = []
    for (let i = 0; i < 20; i++) {
      const cluster = await startCluster()
      await cluster.stop()
      gc()
      const { heapUsed, external, rss } = process.memoryUsage()
      heap.push({ heap: heapUsed + external, rss })
    }
    const handles = process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|FSReq|File/.test(name))
    console.log(JSON.stringify({ heap, handles }))
  `)
  const { heap, handles } = JSON.parse(output)
  t.strictSame(handles, [], 'no handle that keeps the process')
  const [fifth, last] = [heap[4], heap[19]]
  t.ok(last.heap < fifth.heap * 1.1, `heap ${fifth.heap} to ${last.heap}`)
  t.comment(`resident ${fifth.rss} to ${last.rss}`)
})
