import t from 'tap'
import { jsonOf, tableOf } from '../../lib/cli/report.ts'
import { startCluster } from '../../lib/host/start-cluster.ts'

t.test('a table has a line for each node', async (t) => {
  const cluster = await startCluster({ masters: 2, replicas: 1, seed: 1 })
  t.teardown(() => cluster.stop())
  const [head, ...lines] = tableOf(cluster).split('\n')
  t.equal(head?.replace(/ +/g, ' '), 'node role address bus slots id')
  const [master, , replica] = cluster.nodes
  t.equal(
    lines[0]?.replace(/ +/g, ' '),
    `0 master 127.0.0.1:${master?.port} ${master?.busPort} 0-8191 ${master?.id}`,
  )
  t.equal(
    lines[2]?.replace(/ +/g, ' '),
    `2 replica 127.0.0.1:${replica?.port} ${replica?.busPort} of node 0 ${replica?.id}`,
  )
  const columns = lines
    .slice(0, 4)
    .map((line) => line.indexOf(line.match(/[0-9a-f]{40}/)?.[0] ?? '-'))
  t.equal(new Set(columns).size, 1, 'aligned')
  t.match(tableOf(cluster), `\n\nTry: redis-cli -c -p ${master?.port}   Stop: Ctrl-C\n`)
})

t.test('blank nodes have no slots, and a password is asked for', async (t) => {
  const cluster = await startCluster({ masters: 1, replicas: 0, form: false, password: 'x' })
  t.teardown(() => cluster.stop())
  t.match(tableOf(cluster), /\n0 +master +127\.0\.0\.1:\d+ +\d+ +none +[0-9a-f]{40}\n/)
  t.match(tableOf(cluster), / -a <password>/)
})

t.test('programs get one line', async (t) => {
  const cluster = await startCluster({ masters: 1, replicas: 1 })
  t.teardown(() => cluster.stop())
  const text = jsonOf(cluster)
  t.equal(text.indexOf('\n'), text.length - 1)
  const { nodes, addresses, urls, pid } = JSON.parse(text)
  t.strictSame(addresses, cluster.addresses)
  t.strictSame(urls, cluster.urls)
  t.equal(pid, process.pid)
  t.match(nodes, [
    { role: 'master', master: null, slots: [{ start: 0, end: 16383 }], port: addresses[0].port },
    { role: 'replica', master: nodes[0].id, slots: [], busPort: addresses[1].port + 10_000 },
  ])
})
