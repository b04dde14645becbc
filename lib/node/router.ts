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
      return this.#areOurs(session, command.countedKeys, argv)
    }
    if (command.movableKeys || command.keyPositions !== undefined) return false
    const { firstKey, lastKey, keyStep } = command
    const first = argv[firstKey]
    // Some commands need no keys.
    if (first === undefined) return false
    const slot = session.db.slotOf(first)
    if (this.#slots[slot] !== this.#mine) return false
    if (lastKey === firstKey) return true
    const last = lastKey < 0 ? argv.length + lastKey : lastKey
    for (let i = firstKey + keyStep; i <= last; i += keyStep) {
      if (session.db.slotOf(argv[i] as Bytes) !== slot) return false
    }
    return true
  }

  /** False also where the count is not written plainly: others know what Redis makes of it. */
  #areOurs(session: Session, { count, first }: CountedKeys, argv: readonly Bytes[]): boolean {
    const keys = parseIntegerIn(argv[count] ?? '', 0, argv.length - first)
    if (keys === undefined) return false
    if (keys === 0) return true
    const slot = session.db.slotOf(argv[first] as Bytes)
    if (this.#slots[slot] !== this.#mine) return false
    for (let i = first + 1; i < first + keys; i++) {
      if (session.db.slotOf(argv[i] as Bytes) !== slot) return false
    }
    return true
  }
}

function isShardedPubSub(command: Command): boolean {
  return command.group === 'pubsub' && command.keySpecs.length > 0
}
