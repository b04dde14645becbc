/**
 * WAIT: until enough replicas have what the client wrote (waitCommand in replication.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { integer } from './argument.ts'
import { command } from './command.ts'
import { numberArgument } from './number-argument.ts'
import { millisecondsTimeout } from './timeout-argument.ts'

const notOnReplica = new ReplyError(
  'ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be writable (which is not the default) writes to replicas are just local and are not propagated.',
)

export const wait = command({
  name: 'WAIT',
  since: '3.0.0',
  group: 'generic',
  summary: 'Waits until so many replicas have all that the client wrote; returns how many have.',
  complexity: 'O(1)',
  flags: ['blocking'],
  categories: ['connection'],
  tips: ['request_policy:all_shards', 'response_policy:agg_min'],
  args: [integer('numreplicas'), integer('timeout')],
  before: { '7.2.0': { flags: ['noscript'] } },
  run: ({ blocking, clock, replication, reply }, argv) => {
    if (replication.role === 'replica') throw notOnReplica
    const wanted = numberArgument(argv[1] as Bytes)
    const untilMs = millisecondsTimeout(argv[2] as Bytes, clock.now)
    const acknowledged = blocking.acknowledgedReplicas()
    if (acknowledged >= wanted || !blocking.allowed) reply.integer(acknowledged)
    else blocking.awaitReplicas(wanted, untilMs)
  },
})
