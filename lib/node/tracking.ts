/**
 * Client-side caching: who read which keys, and what they are told when keys change (tracking.c). Clients that track by
 * prefix hear of all changes under it at the end of the turn; the others once of each key they read. What a command
 * changes for its own client is told after its reply.
 * Invariant: `any` is false exactly while nobody tracks; keys that nobody read are not kept.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Command, keyPositionsOf } from '../commands/command.ts'
import type { TrackingOptions, TrackingPort, TrackingState } from '../commands/context.ts'
import type { Protocol } from '../resp/reply-sink.ts'
import { WireReply } from '../resp/wire-reply.ts'
import type { Session } from './session.ts'

const CHANNEL = '__redis__:invalidate'

/** What tracking asks of its node. */
export interface TrackingNode {
  session(id: number): Session | undefined
  readonly maxKeys: number
  /** Whether anybody tracks may have changed. */
  changed(): void
}

/** Keys changed under a prefix since the last turn, each with the client that changed it last. */
interface PrefixState {
  readonly clients: Set<Tracking>
  readonly changed: Map<Bytes, Session | undefined>
}

/** A command, and its words, in which keys are named. */
export interface NamingCommand {
  readonly command: Command
  readonly argv: readonly Bytes[]
}

/** Whether keys were read; by a script that only reads they are by the commands it calls. */
function reads({ isReadonly, group }: Command): boolean {
  return isReadonly && group !== 'pubsub' && group !== 'scripting'
}

/** All that clients of a node track. */
export class TrackingTable {
  /** Somebody tracks: reads and changes need to be looked at. */
  any = false
  readonly #node: TrackingNode
  readonly #clients = new Set<Tracking>()
  /** Who read a key, by the numbers of the clients: some may be gone. */
  readonly #readers = new Map<Bytes, Set<number>>()
  readonly #prefixes = new Map<Bytes, PrefixState>()
  /** The client whose command runs, and what it will be told of its own changes: keys, or everything. */
  #current: Session | undefined
  #pending: (Bytes | undefined)[] = []
  #flushed = false

  constructor(node: TrackingNode) {
    this.#node = node
  }

  for(session: Session): Tracking {
    return new Tracking(this, session)
  }

  get clientCount(): number {
    return this.#clients.size
  }

  get keyCount(): number {
    return this.#readers.size
  }

  /** Keys, each as often as clients read it. */
  get itemCount(): number {
    let count = 0
    for (const readers of this.#readers.values()) count += readers.size
    return count
  }

  get prefixCount(): number {
    return this.#prefixes.size
  }

  exists(id: number): boolean {
    return this.#node.session(id) !== undefined
  }

  begin(tracking: Tracking, prefixes: readonly Bytes[]): void {
    this.#clients.add(tracking)
    for (const prefix of prefixes) {
      const state = this.#prefixes.get(prefix) ?? { clients: new Set(), changed: new Map() }
      state.clients.add(tracking)
      this.#prefixes.set(prefix, state)
    }
    this.any = true
    this.#node.changed()
  }

  end(tracking: Tracking, prefixes: readonly Bytes[]): void {
    this.#clients.delete(tracking)
    for (const prefix of prefixes) {
      const state = this.#prefixes.get(prefix)
      if (state?.clients.delete(tracking) && state.clients.size === 0) this.#prefixes.delete(prefix)
    }
    this.any = this.#clients.size > 0
    this.#node.changed()
    // With nobody there what was read is of no use.
    if (!this.any) this.#readers.clear()
  }

  /** A client's command, or its EXEC, begins. */
  commandBegins(session: Session): void {
    this.#current = session
  }

  /** A command of a client, or one of its transaction, ran: what it read is remembered. */
  commandRan(session: Session, command: Command, argv: readonly Bytes[]): void {
    this.#flushed = false
    if (reads(command)) this.#remember(session, command, argv)
  }

  /** A script of a client has called a command; `naming` is the one whose keys count as read, by it or by the script. */
  scriptCalled(session: Session, called: Command, naming: NamingCommand): void {
    if (reads(called)) this.#remember(session, naming.command, naming.argv)
  }

  #remember({ tracking }: Session, command: Command, argv: readonly Bytes[]): void {
    if (!tracking.remembers) return
    for (const position of keyPositionsOf(command, argv)) {
      const key = argv[position] as Bytes
      const readers = this.#readers.get(key)
      if (readers === undefined) this.#readers.set(key, new Set([tracking.session.id]))
      else readers.add(tracking.session.id)
    }
  }

  /** The reply is written: the client hears what it changed itself. */
  commandEnds(): void {
    const session = this.#current
    this.#current = undefined
    if (this.#pending.length > 0) {
      const pending = this.#pending
      this.#pending = []
      for (const key of pending) session?.tracking.tell(key === undefined ? undefined : [key])
    }
  }

  /**
   * A key changed: whoever read it hears so once, whoever tracks its prefix at the end of the turn. There, that its time
   * is over is nobody's doing, and NOLOOP hides it from no one.
   */
  touched(key: Bytes, isExpired = false): void {
    const author = isExpired ? undefined : this.#current
    for (const [prefix, { changed }] of this.#prefixes) {
      if (key.startsWith(prefix)) changed.set(key, author)
    }
    this.#invalidate(key, this.#current)
  }

  /** Whoever read the key hears so; a NOLOOP client too, unless it did it. */
  #invalidate(key: Bytes, author: Session | undefined): void {
    const readers = this.#readers.get(key)
    if (readers === undefined) return
    this.#readers.delete(key)
    for (const id of readers) {
      const session = this.#node.session(id)
      const state = session?.tracking.state
      if (session === undefined || state === undefined || state.broadcast) continue
      if (session !== this.#current) session.tracking.tell([key])
      else if (!state.noLoop || author === undefined) this.#pending.push(key)
    }
  }

  /** A database is emptied; a command that empties several says so once. */
  flushed(): void {
    if (this.#flushed) return
    this.#flushed = true
    for (const { session } of this.#clients) {
      if (session === this.#current) this.#pending.push(undefined)
      else session.tracking.tell(undefined)
    }
    this.#readers.clear()
  }

  /** The turn ends: prefixes tell what changed under them (trackingBroadcastInvalidationMessages). */
  broadcast(): void {
    for (const prefix of [...this.#prefixes.keys()].sort()) {
      const { changed, clients } = this.#prefixes.get(prefix) as PrefixState
      if (changed.size === 0) continue
      const keys = [...changed.keys()].sort()
      for (const tracking of clients) {
        const told = tracking.state?.noLoop
          ? keys.filter((key) => changed.get(key) !== tracking.session)
          : keys
        if (told.length > 0) tracking.tell(told)
      }
      changed.clear()
    }
    this.#flushed = false
  }

  /** Too many keys are remembered: some are told changed, so that they can be forgotten (trackingLimitUsedSlots). */
  limit(): void {
    const { maxKeys } = this.#node
    if (maxKeys === 0) return
    for (const key of this.#readers.keys()) {
      if (this.#readers.size <= maxKeys) return
      this.#invalidate(key, undefined)
    }
  }

  /** Where a client's messages go: to itself or to whom it chose; undefined when that one is gone. */
  receiverOf(session: Session, redirect: number): Session | undefined {
    return redirect === 0 ? session : this.#node.session(redirect)
  }
}

/** What one client tracks. */
export class Tracking implements TrackingPort {
  readonly session: Session
  state: TrackingState | undefined
  readonly #table: TrackingTable

  constructor(table: TrackingTable, session: Session) {
    this.#table = table
    this.session = session
  }

  clientExists(id: number): boolean {
    return this.#table.exists(id)
  }

  enable(options: TrackingOptions): void {
    const { prefixes, ...rest } = options
    const before = this.state?.prefixes ?? []
    const added = options.broadcast && prefixes.length === 0 ? [''] : prefixes
    const all = options.broadcast ? [...new Set([...before, ...added])].sort() : []
    this.state = { ...rest, prefixes: all, isBroken: false, caching: false }
    this.#table.begin(this, all)
  }

  disable(): void {
    if (this.state === undefined) return
    this.#table.end(this, this.state.prefixes)
    this.state = undefined
  }

  setCaching(): void {
    if (this.state !== undefined) this.state.caching = true
  }

  /** What this command reads is to be remembered. */
  get remembers(): boolean {
    const { state } = this
    if (state === undefined || state.broadcast) return false
    if (state.mode === 'optin') return state.caching
    return state.mode !== 'optout' || !state.caching
  }

  /** CACHING holds for one command or transaction. */
  commandOver(): void {
    if (this.state?.caching) this.state.caching = false
  }

  /** These keys are to be forgotten; undefined: all. */
  tell(keys: readonly Bytes[] | undefined): void {
    const { state, session } = this
    if (state === undefined) return
    const receiver = this.#table.receiverOf(session, state.redirect)
    if (receiver === undefined) {
      state.isBroken = true
      if (session.reply.protocol === 3) session.push(brokenText(state.redirect))
      return
    }
    const { protocol } = receiver.reply
    // In RESP2 only a subscriber reads what it did not ask for.
    if (protocol === 2 && (state.redirect === 0 || !receiver.subscribed)) return
    receiver.push(invalidText(protocol, keys, session.reply.protocol))
  }
}

const writer = new WireReply()

/** `asked` is the protocol of who tracks: Redis writes the null in that one, whoever is told. */
function invalidText(
  protocol: Protocol,
  keys: readonly Bytes[] | undefined,
  asked: Protocol,
): Bytes {
  writer.protocol = protocol
  if (protocol === 3) {
    writer.push(2)
    writer.bulk('invalidate')
  } else {
    writer.push(3)
    writer.bulk('message')
    writer.bulk(CHANNEL)
  }
  if (keys === undefined) {
    writer.protocol = asked
    writer.null()
  } else {
    writer.array(keys.length)
    for (const key of keys) writer.bulk(key)
  }
  return writer.take()
}

function brokenText(redirect: number): Bytes {
  writer.protocol = 3
  writer.push(2)
  writer.bulk('tracking-redir-broken')
  writer.integer(redirect)
  return writer.take()
}
