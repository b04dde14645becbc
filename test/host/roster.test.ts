import t, { type Test } from 'tap'
import type { ClusterNode } from '../../lib/host/handle.ts'
import { Roster } from '../../lib/host/roster.ts'
import { faultyPool } from '../support/test-threads.ts'

function roster(t: Test, planned: number): Roster {
  return new Roster({
    planned,
    pool: faultyPool(t),
    listener: { ended() {}, log() {}, told() {} },
    common: {
      seed: 1,
      host: '127.0.0.1',
      announcedHost: '10.0.0.1',
      bus: 'tcp',
      failureDetection: 'instant',
      version: '7.0',
      directives: [],
      log: 'nothing',
    },
  })
}

t.test('nodes join one by one, and whoever keeps a list sees it grow', async (t) => {
  const members = roster(t, 1)
  const { nodes, runners } = members
  members.add({ id: 'a'.repeat(40), port: 7000, directory: undefined })
  members.add({ id: 'b'.repeat(40), port: 0, directory: '/data/node-1' })
  t.match(nodes, [
    { index: 0, id: 'a'.repeat(40), host: '10.0.0.1', port: 7000, state: 'stopped' },
    { index: 1, id: 'b'.repeat(40), port: 0 },
  ])
  t.strictSame(
    runners.map(({ template }) => [template.index, template.capacity, template.directory]),
    [
      [0, 17, undefined],
      [1, 17, '/data/node-1'],
    ],
  )
  t.equal(members.runnerOf(nodes[1] as ClusterNode), runners[1])
  t.strictSame([members.masters, members.replicas], [[], []], 'none of them runs')
  t.match(members.describe(), /^ {2}node 0 10\.0\.0\.1:7000 stopped: .*\n {2}node 1 /)
})

t.test('a node of another cluster has no runner here', async (t) => {
  const one = roster(t, 1)
  const other = roster(t, 1)
  other.add({ id: 'c'.repeat(40), port: 0, directory: undefined })
  t.throws(() => one.runnerOf(other.nodes[0] as ClusterNode), { code: 'ERR_BAD_OPTION' })
})
