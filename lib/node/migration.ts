/**
 * MIGRATE on its way: one transfer at a time, keys out in one go, answers in order (migrateCommand in cluster.c). Redis
 * does nothing else until the target has answered; here whatever could see a difference waits, and all else goes on.
 * Invariant: a key leaves when the target has confirmed it and not before; whoever waited finds it here or gone, never both.
 */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Version } from '../base/version.ts'
import { type Command, keyPositionsOf } from '../commands/command.ts'
import type { ConfigPort, MigrationPort, MigrationRequest } from '../commands/context.ts'
import type { CommandEntry, CommandTable } from '../commands/table.ts'
import { recordOf } from '../keyspace/snapshot.ts'
import { encodeDump } from '../rdb/dump.ts'
import { rdbVersionOf } from '../rdb/format.ts'
import { encodeCommand } from '../resp/command.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { Alarm } from './alarm.ts'
import type { Holding } from './holding.ts'
import type { NodeIo } from './io.ts'
import { type PeerLink, PeerLinks } from './peer-link.ts'
import type { Session } from './session.ts'

/** What a transfer needs of its node. */
export interface MigratingNode {
  readonly version: Version
  readonly clock: Clock
  readonly alarm: Alarm
  readonly config: ConfigPort
  /** On a cluster node keys arrive in a slot that is being imported. */
  readonly cluster: unknown
  readonly commands: CommandTable
  /** What concerns keys in flight waits. */
  readonly holding: Pick<Holding, 'changed' | 'conclude'>
}

/** The transfer that runs. */
interface Transfer {
  readonly session: Session
  readonly request: MigrationRequest
  /** All keys that are in flight. */
  readonly keys: ReadonlySet<Bytes>
  /** A transaction stopped half-way for it: nobody may look at any key. */
  readonly isExclusive: boolean
  link: PeerLink
  hasRetried: boolean
  /** Lines that answer AUTH and SELECT and come before those for keys. */
  preambleLines: number
  /** The first of them that was an error. */
  preambleError: Bytes | undefined
  /** The keys sent, in order. */
  sent: readonly Bytes[]
  /** Lines that came. */
  lines: number
  /** A line that has not come whole. */
  partial: Bytes
  /** What the target holds now. */
  readonly moved: Bytes[]
  /** What the target said was wrong, first. */
  targetError: Bytes | undefined
  /** When the target has been silent for too long, Unix ms. */
  deadlineMs: number
  /** That time has passed, and with the next look at the sockets patience ends. */
  isOverdue: boolean
}

type Failure =
  | 'connecting to the client'
  | 'writing to target instance'
  | 'reading to target instance'

/** MIGRATE of one node. */
export class Migration {
  readonly #node: MigratingNode
  readonly #io: NodeIo
  readonly #links: PeerLinks
  #transfer: Transfer | undefined
  readonly #wake = (): void => this.#timeOut()

  constructor(node: MigratingNode, io: NodeIo) {
    this.#node = node
    this.#io = io
    this.#links = new PeerLinks(io.peers)
  }

  /** Keys are in flight. */
  get isRunning(): boolean {
    return this.#transfer !== undefined
  }

  /** Connections that are kept for the next time. */
  get linkCount(): number {
    return this.#links.size
  }

  /** A transaction waits half-way: the data set is between two states. */
  get isExclusive(): boolean {
    return this.#transfer?.isExclusive ?? false
  }

  /** Whether a key must stay as it is until the keys in flight have landed. */
  holdsKey(key: Bytes): boolean {
    const transfer = this.#transfer
    return transfer !== undefined && (transfer.isExclusive || transfer.keys.has(key))
  }

  /** MIGRATE as the commands of this session see it. */
  portFor(session: Session): MigrationPort {
    return { start: (request) => this.#start(session, request) }
  }

  /** Whether a command must wait until the keys in flight have landed. */
  holds(session: Session, command: Command, argv: readonly Bytes[]): boolean {
    const transfer = this.#transfer
    if (transfer === undefined) return false
    if (command.fullName !== 'exec') return concerns(transfer, command, argv)
    return session.transaction.queued.some(({ entry, argv: words }) =>
      concerns(transfer, entry.command, words),
    )
  }

  #start(session: Session, request: MigrationRequest): void {
    const now = this.#node.clock.now
    const transfer: Transfer = {
      session,
      request,
      keys: new Set(request.keys),
      isExclusive: session.transaction.active,
      link: this.#links.to(request.host, request.port, now),
      hasRetried: false,
      preambleLines: 0,
      preambleError: undefined,
      sent: [],
      lines: 0,
      partial: '',
      moved: [],
      targetError: undefined,
      deadlineMs: now,
      isOverdue: false,
    }
    this.#transfer = transfer
    this.#progressed(transfer)
    session.postponed = request.argv
    this.#node.holding.changed()
    if (transfer.link.isOpen) this.#send(transfer)
  }

  /** Everything in one go: who the client is there, the database, the keys. */
  #send(transfer: Transfer): void {
    const { request, link } = transfer
    const { credentials, databaseIndex } = request
    const parts: Bytes[] = []
    if (credentials.length > 0) parts.push(encodeCommand(['AUTH', ...credentials]))
    if (link.databaseIndex !== databaseIndex) {
      parts.push(encodeCommand(['SELECT', String(databaseIndex)]))
    }
    transfer.preambleLines = parts.length
    transfer.preambleError = undefined
    transfer.lines = 0
    transfer.partial = ''
    transfer.sent = this.#writeKeys(transfer, parts)
    this.#io.peers.send(link.id, parts.join(''))
  }

  /** The keys that are still there, each as a command of its own. */
  #writeKeys({ session, request }: Transfer, parts: Bytes[]): Bytes[] {
    const { db } = session
    const now = this.#node.clock.now
    const word = this.#node.cluster === undefined ? 'RESTORE' : 'RESTORE-ASKING'
    const options = {
      compress: this.#node.config.boolean('rdbcompression'),
      version: rdbVersionOf(this.#node.version),
    }
    const sent: Bytes[] = []
    for (const key of request.keys) {
      const value = db.peek(key)
      if (value === undefined) continue
      const expiryMs = db.expiryOf(key)
      // A key that has no time left has a last millisecond: 0 would mean for ever.
      const ttlMs = expiryMs === undefined ? 0 : Math.max(1, expiryMs - now)
      const words = [word, key, String(ttlMs), encodeDump(recordOf(value), options)]
      if (request.replace) words.push('REPLACE')
      parts.push(encodeCommand(words))
      sent.push(key)
    }
    return sent
  }

  /** The connection is open. */
  connected(id: number): void {
    const transfer = this.#of(id)
    if (transfer === undefined) return
    transfer.link.isOpen = true
    this.#progressed(transfer)
    this.#send(transfer)
  }

  /** The target says something. */
  received(id: number, chunk: Buffer): void {
    const transfer = this.#of(id)
    if (transfer === undefined) return
    this.#progressed(transfer)
    const text = transfer.partial + bytesIn(chunk)
    let start = 0
    const wanted = transfer.preambleLines + transfer.sent.length
    while (transfer.lines < wanted) {
      const end = text.indexOf('\n', start)
      if (end < 0) break
      this.#answered(transfer, text.slice(start, end).replace(/\r$/, ''))
      start = end + 1
    }
    transfer.partial = text.slice(start)
    if (transfer.lines === wanted) this.#landed(transfer)
  }

  #answered(transfer: Transfer, line: Bytes): void {
    const index = transfer.lines++ - transfer.preambleLines
    const error = line[0] === '-' ? line.slice(1) : undefined
    if (index < 0) {
      transfer.preambleError ??= error
      return
    }
    const refusal = transfer.preambleError ?? error
    if (refusal === undefined) transfer.moved.push(transfer.sent[index] as Bytes)
    else transfer.targetError ??= refusal
  }

  /** The target has answered for every key. */
  #landed(transfer: Transfer): void {
    const { link, request, targetError } = transfer
    link.lastUsedMs = this.#node.clock.now
    link.databaseIndex = targetError === undefined ? request.databaseIndex : undefined
    this.#end(transfer, undefined)
  }

  /** The connection has ended; `wasFound` is false when nobody knows the host. */
  closed(id: number, wasFound: boolean): void {
    const transfer = this.#of(id)
    this.#links.forget(id)
    if (transfer === undefined) return
    const hasAnswers = transfer.lines > transfer.preambleLines
    if (!wasFound) this.#end(transfer, 'connecting to the client')
    else if (!transfer.hasRetried && !hasAnswers) this.#retry(transfer)
    else
      this.#end(
        transfer,
        transfer.link.isOpen ? this.#lost(transfer) : 'writing to target instance',
      )
  }

  /** A connection kept from an earlier time may have been closed at the other end since. */
  #retry(transfer: Transfer): void {
    const { host, port } = transfer.request
    transfer.hasRetried = true
    transfer.link = this.#links.to(host, port, this.#node.clock.now)
    this.#progressed(transfer)
  }

  #lost({ link }: Transfer): Failure {
    return this.#io.peers.backlogBytes(link.id) > 0
      ? 'writing to target instance'
      : 'reading to target instance'
  }

  /** Due every cron: ends connections that nobody uses. */
  tick(): void {
    this.#links.closeIdle(this.#node.clock.now)
  }

  #timeOut(): void {
    const transfer = this.#transfer
    const { now } = this.#node.clock
    if (transfer === undefined || now < transfer.deadlineMs) return
    if (transfer.isOverdue) this.#giveUp(transfer)
    else {
      // A thread that was busy hears of the time before it hears what the target has said meanwhile.
      transfer.isOverdue = true
      this.#node.alarm.set(this.#wake, now)
    }
  }

  /** This node may not change its keys any longer. */
  abort(): void {
    if (this.#transfer !== undefined) this.#giveUp(this.#transfer)
  }

  #giveUp(transfer: Transfer): void {
    const failure = transfer.link.isOpen ? this.#lost(transfer) : 'connecting to the client'
    this.#links.close(transfer.link)
    this.#end(transfer, failure)
  }

  #end(transfer: Transfer, failure: Failure | undefined): void {
    this.#transfer = undefined
    const { session, request } = transfer
    const { commands, holding } = this.#node
    holding.changed()
    holding.conclude(session, {
      entry: commands.lookUpDeclared('migrate') as CommandEntry,
      argv: request.argv,
      // Removes what has left and writes the reply.
      finish: () => finish(transfer, failure),
    })
  }

  #progressed(transfer: Transfer): void {
    transfer.deadlineMs = this.#node.clock.now + transfer.request.timeoutMs
    transfer.isOverdue = false
    transfer.link.lastUsedMs = this.#node.clock.now
    this.#node.alarm.set(this.#wake, transfer.deadlineMs)
  }

  #of(id: number): Transfer | undefined {
    return this.#transfer?.link.id === id ? this.#transfer : undefined
  }
}

/** Removes what has left, tells the replicas, answers the client. */
function finish(transfer: Transfer, failure: Failure | undefined): void {
  const { session, request, moved, targetError } = transfer
  if (!request.copy && moved.length > 0) {
    for (const key of moved) session.db.delete(key)
    session.propagation.replaceWith(['DEL', ...moved])
  }
  if (targetError !== undefined) {
    throw new ReplyError(`ERR Target instance replied with error: ${targetError}`)
  }
  if (failure !== undefined) throw new ReplyError(`IOERR error or timeout ${failure}`)
  session.reply.ok()
}

/** Whether a command could see or change keys in flight. */
function concerns(
  { keys, isExclusive }: Transfer,
  command: Command,
  argv: readonly Bytes[],
): boolean {
  if (command.spansKeyspace) return true
  const isKeyless = command.keySpecs.length === 0 && command.keyPositions === undefined
  if (isKeyless) return command.isWrite || command.isReadonly
  return isExclusive || keyPositionsOf(command, argv).some((at) => keys.has(argv[at] as Bytes))
}
