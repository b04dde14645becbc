/**
 * The one error of the package: a code that stays, and a message that says what was given, what is allowed and what to
 * try. Invariant: every code is a row of this table, from which the README's table is made.
 */

/** Every code and when it is given. */
export const errorCodes = {
  ERR_BAD_OPTION:
    'An option is unknown or its value is not allowed; also a wrong argument of a method.',
  ERR_BAD_DIRECTIVE: 'A redis.conf directive in `config` is unknown or its value is not allowed.',
  ERR_BAD_DIRECTORY: '`dir` cannot be created, is no directory or cannot be written.',
  ERR_PORT_TAKEN: 'A client or bus port that was asked for is in use.',
  ERR_LISTEN: 'A node cannot listen on `host` for another reason than a taken port.',
  ERR_ABORTED: 'The `signal` was aborted before the cluster was ready; `cause` is its reason.',
  ERR_START_TIMEOUT: 'The nodes did not get ready in time; the message says what was missing.',
  ERR_NODE_CRASHED: 'The thread of a node ended by itself; `cause` is its error.',
  ERR_NODE_STATE:
    'The node is not in a state in which this can be done: it was killed, it is paused, or it runs.',
  ERR_CLUSTER_DISABLED: "Only a cluster can do this; the nodes run with `cluster-enabled: 'no'`.",
  ERR_SLOT_UNSERVED: 'No running master serves the slot.',
  ERR_SLOT_BUSY: 'Another operation is moving the slot.',
  ERR_TIMEOUT:
    'What `until` waited for did not happen in time; the message shows the last state. Also: a node did not answer.',
  ERR_COMMAND: 'A node answered with an error reply.',
  ERR_STOPPED: 'The cluster has been stopped.',
} as const

/** A code of a {@link ClusterError}. */
export type ClusterErrorCode = keyof typeof errorCodes

/** No running master serves a slot; `nodes` describes what there is. */
export function unserved(slot: number, nodes: string): ClusterError {
  return new ClusterError(
    'ERR_SLOT_UNSERVED',
    `no running master serves slot ${slot}; wait for one with \`until\`. The nodes:\n${nodes}`,
  )
}

const brand = Symbol.for('redis-memory-cluster.ClusterError')

/** Whatever this package throws; `instanceof` holds across copies of the package and across realms. */
export class ClusterError extends Error {
  readonly code: ClusterErrorCode

  /** @internal */
  constructor(code: ClusterErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value
  }
}

Object.defineProperty(ClusterError.prototype, 'name', { value: 'ClusterError' })
Object.defineProperty(ClusterError.prototype, brand, { value: true })
