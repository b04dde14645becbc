import t from 'tap'
import type { ClusterPort } from '../../lib/commands/cluster-port.ts'
import { categoriesOf } from '../../lib/commands/command.ts'
import type { ReplicationPort } from '../../lib/commands/context.ts'
import * as replication from '../../lib/commands/replication.ts'
import { CommandRunner } from '../support/command-runner.ts'

type Role = ReturnType<ReplicationPort['describeRole']>

/** A port that tells a given role and writes down what it is asked. */
function portOf(role: Role) {
  const asked: unknown[] = []
  const port: ReplicationPort = {
    role: role.role === 'master' ? 'master' : 'replica',
    describeRole: () => role,
    configure: (words) => asked.push(['configure', ...words]),
    synchronize: (words) => asked.push(['synchronize', ...words]),
    follow: (master) => asked.push(['follow', master]),
    changeId: () => asked.push(['change id']),
    isFailingOver: false,
    beginFailover: (request) => asked.push(['failover', request]),
    abortFailover: () => asked.push(['abort']),
  }
  return { port, asked }
}

const asMaster: Role = {
  role: 'master',
  offset: 42,
  replicas: [{ ip: '127.0.0.1', port: 7001, offset: 28 }],
}
const asReplica: Role = { role: 'slave', host: 'Host', port: 7000, state: 'connected', offset: 14 }

t.test('declarations', async (t) => {
  const { replicaof, slaveof, role, replconf, psync, sync } = replication
  t.same(
    [replicaof, slaveof, role, replconf, psync, sync].map(({ fullName, arity }) => [
      fullName,
      arity,
    ]),
    [
      ['replicaof', 3],
      ['slaveof', 3],
      ['role', 1],
      ['replconf', -1],
      ['psync', -3],
      ['sync', 1],
    ],
  )
  t.same(categoriesOf(role), ['admin', 'fast', 'dangerous'])
  t.same(categoriesOf(psync), ['admin', 'slow', 'dangerous'])
})

t.test('ROLE', async (t) => {
  const master = new CommandRunner({ ports: { replication: portOf(asMaster).port } })
  t.equal(
    master.run('ROLE'),
    '*3\r\n$6\r\nmaster\r\n:42\r\n*1\r\n*3\r\n$9\r\n127.0.0.1\r\n$4\r\n7001\r\n$2\r\n28\r\n',
  )
  const replica = new CommandRunner({ ports: { replication: portOf(asReplica).port } })
  t.equal(
    replica.run('ROLE'),
    '*5\r\n$5\r\nslave\r\n$4\r\nHost\r\n:7000\r\n$9\r\nconnected\r\n:14\r\n',
  )
})

t.test('REPLICAOF', async (t) => {
  const { port, asked } = portOf(asReplica)
  const runner = new CommandRunner({ ports: { replication: port } })
  for (const line of ['replicaof a b', 'slaveof a 99999', 'replicaof a -1', 'replicaof no two']) {
    t.equal(runner.run(line), '-ERR Invalid master port\r\n', line)
  }
  t.equal(runner.run('replicaof hOST 7000'), '+OK Already connected to specified master\r\n')
  t.same(asked, [])
  const busy = new CommandRunner({ ports: { replication: { ...port, isFailingOver: true } } })
  t.equal(busy.run('replicaof no one'), '-ERR REPLICAOF not allowed while failing over.\r\n')
  t.same(asked, [])
  t.equal(runner.run('replicaof hOST 7001'), '+OK\r\n')
  t.equal(runner.run('slaveof No oNE'), '+OK\r\n')
  t.same(asked, [
    ['follow', { host: 'hOST', port: 7001 }],
    ['follow', undefined],
  ])
})

t.test('REPLICAOF is not for a cluster', async (t) => {
  const { port, asked } = portOf(asMaster)
  const cluster = {} as ClusterPort
  const runner = new CommandRunner({ ports: { replication: port, cluster } })
  for (const line of ['replicaof a 1', 'slaveof no one', 'replicaof a b']) {
    t.equal(runner.run(line), '-ERR REPLICAOF not allowed in cluster mode.\r\n', line)
  }
  t.same(asked, [])
})

t.test('what replicas say is passed on', async (t) => {
  const { port, asked } = portOf(asMaster)
  const runner = new CommandRunner({ ports: { replication: port } })
  runner.runAll('REPLCONF capa eof', 'REPLCONF', 'PSYNC ? -1', 'PSYNC a 1 FAILOVER', 'SYNC')
  t.same(asked, [
    ['configure', 'capa', 'eof'],
    ['configure'],
    ['synchronize', '?', '-1'],
    ['synchronize', 'a', '1', 'FAILOVER'],
    ['synchronize'],
  ])
})
