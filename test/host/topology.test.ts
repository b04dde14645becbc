import t from 'tap'
import { nodesConf, planCluster, splitSlots } from '../../lib/host/topology.ts'

t.test('slots are split as redis-cli --cluster create does', async (t) => {
  const text = (masters: number) => splitSlots(masters).map(({ start, end }) => `${start}-${end}`)
  t.strictSame(text(1), ['0-16383'])
  t.strictSame(text(2), ['0-8191', '8192-16383'])
  t.strictSame(text(3), ['0-5460', '5461-10922', '10923-16383'])
  t.strictSame(text(4), ['0-4095', '4096-8191', '8192-12287', '12288-16383'])
  t.strictSame(text(5), ['0-3276', '3277-6553', '6554-9829', '9830-13106', '13107-16383'])
})

t.test('every slot has one owner, however many masters there are', async (t) => {
  for (const masters of [1, 2, 3, 6, 7, 100, 333, 999, 1000]) {
    let next = 0
    for (const { start, end } of splitSlots(masters)) {
      if (start !== next || end < start) t.fail(`${masters} masters: ${start}-${end}`)
      next = end + 1
    }
    t.equal(next, 16384, `${masters} masters`)
  }
})

t.test('masters come first, replicas go round', async (t) => {
  const plan = planCluster({ masters: 2, replicas: 2, seed: '1' })
  t.strictSame(
    plan.map(({ index, master, slots, configEpoch }) => [index, master, slots.length, configEpoch]),
    [
      [0, undefined, 1, 1],
      [1, undefined, 1, 2],
      [2, 0, 0, 3],
      [3, 1, 0, 4],
      [4, 0, 0, 5],
      [5, 1, 0, 6],
    ],
  )
})

t.test('ids are 40 hexadecimal digits, and the same for the same seed', async (t) => {
  const ids = (seed: string) => planCluster({ masters: 3, replicas: 1, seed }).map(({ id }) => id)
  for (const id of ids('x')) t.match(id, /^[0-9a-f]{40}$/)
  t.equal(new Set(ids('x')).size, 6)
  t.strictSame(ids('x'), ids('x'))
  t.not(ids('x')[0], ids('y')[0])
})

t.test('each node gets the nodes.conf it would have had', async (t) => {
  const plan = planCluster({ masters: 1, replicas: 1, seed: '1' })
  const [master, replica] = plan.map(({ id }) => id)
  const addresses = [7000, 7001].map((port) => ({ host: '10.0.0.1', port, busPort: port + 10_000 }))
  t.equal(
    nodesConf(plan, addresses, 1),
    [
      `${master} 10.0.0.1:7000@17000 master - 0 1 1 connected 0-16383`,
      `${replica} 10.0.0.1:7001@17001 myself,slave ${master} 0 0 1 connected`,
      'vars currentEpoch 2 lastVoteEpoch 0',
      '',
    ].join('\n'),
  )
  t.match(nodesConf(plan, addresses, 0), `${master} 10.0.0.1:7000@17000 myself,master - `)
})
