import t from 'tap'
import type { ClusterPort } from '../../lib/commands/cluster-port.ts'
import type { FailoverRequest, ReplicationPort } from '../../lib/commands/context.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const SYNTAX = '-ERR syntax error|'
const NOT_INTEGER = '-ERR value is not an integer or out of range|'
const NOT_POSITIVE = '-ERR FAILOVER timeout must be greater than 0|'

function start() {
  const asked: (FailoverRequest | 'abort')[] = []
  const replication: Pick<ReplicationPort, 'beginFailover' | 'abortFailover'> = {
    beginFailover: (request) => asked.push(request),
    abortFailover: () => asked.push('abort'),
  }
  const ports = { replication: replication as ReplicationPort }
  return { asked, runner: new CommandRunner({ ports }) }
}

t.test('what FAILOVER asks for', async (t) => {
  const { asked, runner } = start()
  expectReplies(t, runner, [
    ['FAILOVER', '+OK|'],
    ['failover to Host 7001', '+OK|'],
    ['FAILOVER timeout 5 to h -1 force', '+OK|'],
    ['FAILOVER FORCE', '+OK|'],
    ['FAILOVER Abort', '+OK|'],
  ])
  const any = { target: undefined, timeoutMs: undefined, isForced: false }
  t.same(asked, [
    any,
    { ...any, target: { host: 'Host', port: 7001 } },
    { target: { host: 'h', port: -1 }, timeoutMs: 5, isForced: true },
    { ...any, isForced: true },
    'abort',
  ])
})

t.test('what is no request', async (t) => {
  const { asked, runner } = start()
  expectReplies(t, runner, [
    ['FAILOVER foo', SYNTAX],
    ['FAILOVER TO', SYNTAX],
    ['FAILOVER TO h', SYNTAX],
    ['FAILOVER TO h x', NOT_INTEGER],
    ['FAILOVER TO h 1 TO h 2', SYNTAX],
    ['FAILOVER FORCE FORCE', SYNTAX],
    ['FAILOVER TIMEOUT', SYNTAX],
    ['FAILOVER TIMEOUT x', NOT_INTEGER],
    ['FAILOVER TIMEOUT 99999999999999999999', NOT_INTEGER],
    ['FAILOVER TIMEOUT 1 TIMEOUT 1', SYNTAX],
    ['FAILOVER TIMEOUT 0', NOT_POSITIVE],
    ['FAILOVER TIMEOUT -1 foo', NOT_POSITIVE],
    ['FAILOVER ABORT ABORT', SYNTAX],
    ['FAILOVER TIMEOUT 1 ABORT', SYNTAX],
  ])
  t.same(asked, [])
})

t.test('a cluster decides otherwise, and says so before it reads', async (t) => {
  const runner = new CommandRunner({ ports: { cluster: {} as ClusterPort } })
  const refused =
    '-ERR FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead.|'
  expectReplies(t, runner, [
    ['FAILOVER', refused],
    ['FAILOVER foo', refused],
  ])
})
