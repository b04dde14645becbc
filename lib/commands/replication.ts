/**
 * The words of replication: what a master is asked by operators and by its replicas (replication.c). A cluster decides
 * by itself who follows whom, so there REPLICAOF is refused.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseIntegerIn } from '../base/numbers.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type Argument, block, integer, oneOf, string, token } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'

const PORT_MAX = 65535

const masterArguments: readonly Argument[] = [
  oneOf('args', [
    block('host-port', [string('host'), integer('port')]),
    block('no-one', [token('no', 'NO'), token('one', 'ONE')]),
  ]),
]

function runReplicaOf({ cluster, replication, reply }: Context, argv: readonly Bytes[]): void {
  if (cluster !== undefined) throw new ReplyError('ERR REPLICAOF not allowed in cluster mode.')
  if (replication.isFailingOver) {
    throw new ReplyError('ERR REPLICAOF not allowed while failing over.')
  }
  const [, host = '', portText = ''] = argv
  if (host.toLowerCase() === 'no' && portText.toLowerCase() === 'one') {
    replication.follow(undefined)
    reply.ok()
    return
  }
  const port = parseIntegerIn(portText, 0, PORT_MAX)
  if (port === undefined) throw new ReplyError('ERR Invalid master port')
  const now = replication.describeRole()
  if (now.role === 'slave' && now.host.toLowerCase() === host.toLowerCase() && now.port === port) {
    reply.simple('OK Already connected to specified master')
    return
  }
  replication.follow({ host, port })
  reply.ok()
}

export const replicaof = command({
  name: 'REPLICAOF',
  since: '5.0.0',
  group: 'server',
  summary: 'Follows another server as its replica, or stops and becomes a master.',
  complexity: 'O(1)',
  spansKeyspace: true,
  flags: ['admin', 'noscript', 'stale', 'no_async_loading'],
  args: masterArguments,
  run: runReplicaOf,
})

export const slaveof = command({
  name: 'SLAVEOF',
  since: '1.0.0',
  group: 'server',
  summary: 'Follows another server as its replica, or stops and becomes a master.',
  complexity: 'O(1)',
  spansKeyspace: true,
  flags: ['admin', 'noscript', 'stale', 'no_async_loading'],
  deprecated: { since: '5.0.0', replacedBy: '`REPLICAOF`' },
  args: masterArguments,
  run: runReplicaOf,
})

export const role = command({
  name: 'ROLE',
  since: '2.8.12',
  group: 'server',
  summary: 'Tells whether the server is a master or a replica, and of whom.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast'],
  categories: ['admin', 'dangerous'],
  run({ replication, reply }) {
    const description = replication.describeRole()
    if (description.role === 'master') {
      reply.array(3)
      reply.bulk('master')
      reply.integer(description.offset)
      reply.array(description.replicas.length)
      for (const replica of description.replicas) {
        reply.array(3)
        reply.bulk(replica.ip)
        reply.bulk(String(replica.port))
        reply.bulk(String(replica.offset))
      }
      return
    }
    reply.array(5)
    reply.bulk('slave')
    reply.bulk(description.host)
    reply.integer(description.port)
    reply.bulk(description.state)
    reply.integer(description.offset)
  },
})

export const replconf = command({
  name: 'REPLCONF',
  since: '3.0.0',
  group: 'server',
  summary: 'Carries what replica and master tell each other beside the stream.',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'loading', 'stale', 'allow_busy'],
  internal: true,
  arity: -1,
  run({ replication }, argv) {
    replication.configure(argv.slice(1))
  },
})

export const psync = command({
  name: 'PSYNC',
  since: '2.8.0',
  group: 'server',
  summary: 'Makes the client a replica that goes on at an offset, or starts anew.',
  complexity: '',
  spansKeyspace: true,
  flags: ['admin', 'noscript', 'no_async_loading', 'no_multi'],
  args: [string('replicationid'), integer('offset')],
  // A master that hands over adds a word.
  arity: -3,
  run({ replication }, argv) {
    replication.synchronize(argv.slice(1))
  },
})

export const sync = command({
  name: 'SYNC',
  since: '1.0.0',
  group: 'server',
  summary: 'Makes the client a replica that starts anew.',
  complexity: '',
  spansKeyspace: true,
  flags: ['admin', 'noscript', 'no_async_loading', 'no_multi'],
  run({ replication }) {
    replication.synchronize([])
  },
})
