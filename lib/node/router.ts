/**
 * Routing on the hot path: one look into the node's slot view decides the common case, a key of a slot we own while
 * nothing is open and all is well. Everything else is the cluster machine's `route` (getNodeByQuery).
 */
import type { Bytes } from '../base/bytes.ts'
import { parseIntegerIn } from '../base/numbers.ts'
import type { ClusterMachine } from '../cluster/machine.ts'
import { type Command, type CountedKeys, keyPositionsOf } from '../commands/command.ts'
import type { ReplyError } from '../resp/reply-error.ts'
import type { Router } from './dispatch.ts'
import type { Session } from './session.ts'
import type { SharedView } from './shared-view.ts'
import type { QueuedCommand } from './transaction.ts'

/** Routes the commands of one node. */
export class ClusterRouter implements Router {
  readonly #machine: ClusterMachine
  readonly #slots: Uint16Array
  readonly #mine: number

  constructor(machine: ClusterMachine, view: SharedView) {
    this.#machine = machine
    this.#slots = view.slots
    this.#mine = view.mine
  }

  route(session: Session, command: Command, argv: readonly Bytes[]): ReplyError | undefined {
    const machine = this.#machine
    if (machine.state === 'ok' && !machine.hasOpenSlots && this.#isOurs(session, command, argv)) {
      return undefined
    }
    const keys = keyPositionsOf(command, argv).map((position) => argv[position] as Bytes)
    return machine.route({
      keys,
      isWrite: command.isWrite,
      isShardedPubSub: isShardedPubSub(command),
      isMigrate: command.fullName === 'migrate',
      asking: session.asking || command.has('asking'),
      readonlyMode: session.readonlyMode,
      exists: (key) => session.db.peek(key) !== undefined,
    })
  }

  slotOf(session: Session, command: Command, argv: readonly Bytes[]): number | undefined {
    const position = keyPositionsOf(command, argv)[0]
    return position === undefined ? undefined : session.db.slotOf(argv[position] as Bytes)
  }

  routeTransaction(session: Session, queued: readonly QueuedCommand[]): ReplyError | undefined {
    const keys = queued.flatMap(({ entry, argv }) =>
      keyPositionsOf(entry.command, argv).map((position) => argv[position] as Bytes),
    )
    return this.#machine.route({
      keys,
      isWrite: queued.some(({ entry }) => entry.command.isWrite),
      isShardedPubSub: false,
      isMigrate: false,
      asking: session.asking,
      readonlyMode: session.readonlyMode,
      exists: (key) => session.db.peek(key) !== undefined,
    })
  }

  routeBlocked(session: Session, key: Bytes): ReplyError | undefined {
    const isWrite = session.lastCommand?.command.isWrite ?? false
    return this.#machine.routeBlocked({ key, isWrite, readonlyMode: session.readonlyMode })
  }

  /** All keys, told by the legacy range or counted by a word, lie in one slot that our view gives to us. */
  #isOurs(session: Session, command: Command, argv: readonly Bytes[]): boolean {
    if (command.countedKeys !== undefined) {
      return this.#countedAreOurs(session, command.countedKeys, argv)
    }
    if (command.movableKeys || command.keyPositions !== undefined) return false
    const { firstKey, lastKey, keyStep } = command
    // Some commands need no keys.
    if (argv[firstKey] === undefined) return false
    const last = lastKey < 0 ? argv.length + lastKey : lastKey
    return this.#areOurs(session, argv, firstKey, last, keyStep)
  }

  /** False also where the count is not written plainly: others know what Redis makes of it. */
  #countedAreOurs(
    session: Session,
    { count, first }: CountedKeys,
    argv: readonly Bytes[],
  ): boolean {
    const keys = parseIntegerIn(argv[count] ?? '', 0, argv.length - first)
    if (keys === undefined) return false
    return keys === 0 || this.#areOurs(session, argv, first, first + keys - 1, 1)
  }

  /** The keys at these positions, the first of which is there. */
  #areOurs(
    session: Session,
    argv: readonly Bytes[],
    first: number,
    last: number,
    step: number,
  ): boolean {
    const slot = session.db.slotOf(argv[first] as Bytes)
    if (this.#slots[slot] !== this.#mine) return false
    for (let i = first + step; i <= last; i += step) {
      if (session.db.slotOf(argv[i] as Bytes) !== slot) return false
    }
    return true
  }
}

function isShardedPubSub(command: Command): boolean {
  return command.group === 'pubsub' && command.keySpecs.length > 0
}
