/**
 * WAIT and WAITAOF: until enough replicas, or disks, have what the client wrote (waitCommand and waitaofCommand in
 * replication.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { integer } from './argument.ts'
import { command } from './command.ts'
import { boundedArgument, leastArgument, numberArgument } from './number-argument.ts'
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

const logNotOnReplica = new ReplyError(
  'ERR WAITAOF cannot be used with replica instances. Please also note that writes to replicas are just local and are not propagated.',
)

const withoutLog = new ReplyError(
  'ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.',
)

export const waitaof = command({
  name: 'WAITAOF',
  since: '7.2.0',
  group: 'generic',
  summary:
    'Waits until all that the client wrote is on disk here and on so many replicas; returns where it is.',
  complexity: 'O(1)',
  flags: ['blocking'],
  categories: ['connection'],
  tips: ['request_policy:all_shards', 'response_policy:agg_min'],
  args: [integer('numlocal'), integer('numreplicas'), integer('timeout')],
  run: ({ appendOnly, blocking, clock, replication, reply }, argv) => {
    const local = Number(boundedArgument(argv[1] as Bytes, 0, 1))
    const replicas = leastArgument(argv[2] as Bytes, 0, errors.mustBePositive)
    const untilMs = millisecondsTimeout(argv[3] as Bytes, clock.now)
    if (replication.role === 'replica') throw logNotOnReplica
    if (local > 0 && !appendOnly.isEnabled) throw withoutLog
    const count = blocking.countDisks()
    const suffices = count.local >= local && count.replicas >= replicas
    if (!suffices && blocking.allowed) {
      blocking.awaitDisks({ local, replicas }, untilMs)
      return
    }
    reply.array(2)
    reply.integer(count.local)
    reply.integer(count.replicas)
  },
})
