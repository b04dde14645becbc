/**
 * FAILOVER, by which a master of its own hands over to a replica (failoverCommand). Invariant: the words are judged from left
 * to right and before anything else but the mode of the server. A cluster has CLUSTER FAILOVER, sent to the replica.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { block, integer, string, token } from './argument.ts'
import { command } from './command.ts'
import type { FailoverRequest } from './context.ts'

/** The request; undefined to abort one. */
function parseRequest(words: readonly Bytes[]): FailoverRequest | undefined {
  let target: FailoverRequest['target']
  let timeoutMs: number | undefined
  let isForced = false
  if (words.length === 1 && words[0]?.toLowerCase() === 'abort') return undefined
  for (let i = 0; i < words.length; i++) {
    const word = words[i]?.toLowerCase()
    if (word === 'timeout' && i + 1 < words.length && timeoutMs === undefined) {
      timeoutMs = integerOf(words[++i])
      if (timeoutMs <= 0) throw new ReplyError('ERR FAILOVER timeout must be greater than 0')
    } else if (word === 'to' && i + 2 < words.length && target === undefined) {
      target = { host: words[i + 1] ?? '', port: integerOf(words[i + 2]) }
      i += 2
    } else if (word === 'force' && !isForced) isForced = true
    else throw errors.syntax
  }
  return { target, timeoutMs, isForced }
}

function integerOf(word: Bytes = ''): number {
  const value = parseInteger(word)
  if (value === undefined) throw errors.notInteger
  return Number(value)
}

export const failover = command({
  name: 'FAILOVER',
  since: '6.2.0',
  group: 'server',
  summary: 'Hands over to a replica, which becomes the master that this server follows.',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'stale'],
  args: [
    block(
      'target',
      [string('host'), integer('port'), token('force', 'FORCE', { optional: true })],
      { token: 'TO', optional: true },
    ),
    token('abort', 'ABORT', { optional: true }),
    integer('milliseconds', { token: 'TIMEOUT', optional: true }),
  ],
  run({ cluster, replication, reply }, argv) {
    if (cluster !== undefined) throw errors.failoverInCluster
    const request = parseRequest(argv.slice(1))
    if (request === undefined) replication.abortFailover()
    else replication.beginFailover(request)
    reply.ok()
  },
})
