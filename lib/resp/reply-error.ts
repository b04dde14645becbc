/**
 * The catalogue of error replies: every text a client can see, with Redis' exact wording (addReplyError and the shared
 * objects of server.c). A handler throws one of these or writes it; dispatch turns a thrown one into the reply.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'

/** An error reply in flight. `message` is the whole line after the `-`. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError'

  constructor(message: Bytes) {
    // Error replies are ordinary values here: capturing a stack would cost more than the command.
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = limit
  }
}

/** The errors that take no argument; shared instances. */
export const errors = {
  wrongType: new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value'),
  syntax: new ReplyError('ERR syntax error'),
  notInteger: new ReplyError('ERR value is not an integer or out of range'),
  notFloat: new ReplyError('ERR value is not a valid float'),
  noSuchKey: new ReplyError('ERR no such key'),
  indexOutOfRange: new ReplyError('ERR index out of range'),
  mustBePositive: new ReplyError('ERR value is out of range, must be positive'),
  invalidCursor: new ReplyError('ERR invalid cursor'),
  incrementOverflow: new ReplyError('ERR increment or decrement would overflow'),
  stringTooLong: new ReplyError('ERR string exceeds maximum allowed size (proto-max-bulk-len)'),
  replicaWithoutKeys: new ReplyError("ERR Replica can't interact with the keyspace"),
  noAuth: new ReplyError('NOAUTH Authentication required.'),
  readOnlyReplica: new ReplyError("READONLY You can't write against a read only replica."),
  execAbort: new ReplyError('EXECABORT Transaction discarded because of previous errors.'),
  notInTransaction: new ReplyError('ERR Command not allowed inside a transaction'),
  crossSlot: new ReplyError("CROSSSLOT Keys in request don't hash to the same slot"),
  tryAgain: new ReplyError('TRYAGAIN Multiple keys request during rehashing of slot'),
  clusterDown: new ReplyError('CLUSTERDOWN The cluster is down'),
  clusterDownReadOnly: new ReplyError(
    'CLUSTERDOWN The cluster is down and only accepts read commands',
  ),
  slotNotServed: new ReplyError('CLUSTERDOWN Hash slot not served'),
  failoverInCluster: new ReplyError(
    'ERR FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead.',
  ),
  clusterDisabled: new ReplyError('ERR This instance has cluster support disabled'),
  masterDown: new ReplyError(
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  ),
  shutdownFailed: new ReplyError('ERR Errors trying to SHUTDOWN. Check logs.'),
  loading: new ReplyError('LOADING Redis is loading the dataset in memory'),
  misconfigured: new ReplyError(
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.",
  ),
  outOfMemory: new ReplyError("OOM command not allowed when used memory > 'maxmemory'."),
  busyKey: new ReplyError('BUSYKEY Target key name already exists.'),
  badDump: new ReplyError('ERR DUMP payload version or checksum are wrong'),
  notEnoughReplicas: new ReplyError('NOREPLICAS Not enough good replicas to write.'),
} as const

/** What a client hears of an error: a string that V8 cannot make is too long for it as well. Throws what is nothing to a client. */
export function replyErrorOf(error: unknown): ReplyError {
  if (error instanceof ReplyError) return error
  if ((error as { code?: unknown }).code === 'ERR_STRING_TOO_LONG') return errors.stringTooLong
  throw error
}

/** The append-only file cannot be written, for the system's reason. */
export function appendOnlyFailure(reason: string): ReplyError {
  return new ReplyError(`MISCONF Errors writing to the AOF file: ${reason}`)
}

/** `wrong number of arguments` for a command, by its full lower-case name (`get`, `cluster|meet`). */
export function wrongArity(fullName: Bytes): ReplyError {
  return new ReplyError(`ERR wrong number of arguments for '${fullName}' command`)
}

/** The key lives on another node; `endpoint` may be empty or `?`. */
export function moved(slot: number, endpoint: string, port: number): ReplyError {
  return new ReplyError(`MOVED ${slot} ${endpoint}:${port}`)
}

/** The slot is on its way to another node and this key is not here any more. */
export function ask(slot: number, endpoint: string, port: number): ReplyError {
  return new ReplyError(`ASK ${slot} ${endpoint}:${port}`)
}

/** A subcommand that does not exist, spelled as the client did. */
export function unknownSubcommand(container: Bytes, given: Bytes): ReplyError {
  return new ReplyError(
    `ERR unknown subcommand '${upToNul(given).slice(0, 128)}'. Try ${container.toUpperCase()} HELP.`,
  )
}

/** What a RESP2 client with subscriptions hears when it wants something else. */
export function subscriberOnly(fullName: Bytes): ReplyError {
  return new ReplyError(
    `ERR Can't execute '${fullName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
  )
}

/** A subcommand of the right name with arguments that fit none of its forms. */
export function subcommandSyntax(container: Bytes, given: Bytes): ReplyError {
  return new ReplyError(
    `ERR unknown subcommand or wrong number of arguments for '${upToNul(given).slice(0, 128)}'. Try ${container.toUpperCase()} HELP.`,
  )
}

/** The expiry given makes no sense for the command. */
export function invalidExpireTime(command: Bytes): ReplyError {
  return new ReplyError(`ERR invalid expire time in '${command}' command`)
}
