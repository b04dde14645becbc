/**
 * A node that can do nothing but run commands and replicate: the replication machine over databases of its own, with
 * whatever transport a test gives it - real sockets or a network in memory. It decodes, applies, loads and writes snapshots
 * as a node does, and keeps the log.
 */

import { Buffer } from 'node:buffer'
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import type { FailoverRequest } from '../../lib/commands/context.ts'
import { loadRecord } from '../../lib/keyspace/snapshot.ts'
import { RdbError } from '../../lib/rdb/format.ts'
import { readRdb } from '../../lib/rdb/reader.ts'
import type { RdbSource } from '../../lib/rdb/source.ts'
import type { ReplicationEffect, SnapshotRequest } from '../../lib/replication/effect.ts'
import type { ReplicationInput } from '../../lib/replication/input.ts'
import { ReplicaPeer } from '../../lib/replication/replica-peer.ts'
import { ReplicationMachine } from '../../lib/replication/replication.ts'
import type { ReplicationSettings } from '../../lib/replication/settings.ts'
import { RequestDecoder } from '../../lib/resp/decoder.ts'
import { ReplyError } from '../../lib/resp/reply-error.ts'
import { CommandRunner } from './command-runner.ts'
import { snapshotOf, writeRdb } from './rdb-file.ts'
import { contentOf } from './record-content.ts'

const LIMITS = { maxBulkLength: 512 * 1024 * 1024, restricted: false }

/** Settings as a server has them that was told nothing. */
export function defaultSettings(): ReplicationSettings {
  return {
    listeningPort: 6379,
    announceIp: '',
    announcePort: 0,
    masterUser: '',
    masterAuth: '',
    timeoutMs: 60_000,
    pingPeriodMs: 10_000,
    backlogSizeBytes: 1024 * 1024,
    backlogTtlMs: 3_600_000,
    disklessSync: true,
    disklessSyncDelayMs: 0,
    disklessSyncMaxReplicas: 0,
    loadManner: 'whole',
    priority: 100,
    readOnly: true,
    announced: true,
    minReplicasToWrite: 0,
    minReplicasMaxLagSeconds: 10,
    clusterEnabled: true,
    greetsReplicas: true,
  }
}

/** Carries bytes for a node; what happens to connections it tells by the node's methods. */
export interface Transport {
  connect(host: string, port: number): void
  write(bytes: Bytes): void
  disconnect(): void
  send(client: number, bytes: Bytes): void
  drop(client: number, afterSend: boolean): void
}

interface Client {
  readonly decoder: RequestDecoder
  readonly peer: ReplicaPeer
}

/** How to make one. */
export interface ReplicatingNodeOptions {
  readonly transport: Transport
  readonly settings?: Partial<ReplicationSettings>
  readonly seed?: string | number
  readonly now?: number
}

/** Databases and their replication. */
export class ReplicatingNode {
  readonly runner: CommandRunner
  readonly machine: ReplicationMachine
  readonly settings: ReplicationSettings
  readonly log: string[] = []
  /** Writers would have to wait. */
  isPaused = false
  readonly #transport: Transport
  readonly #clients = new Map<number, Client>()
  #masterDecoder = new RequestDecoder(LIMITS)
  /** Bytes of the stream that were reported as applied. */
  #countedBytes = 0
  #transaction: Bytes[][] | undefined

  constructor({ transport, settings, seed = 1, now = 1_700_000_000_000 }: ReplicatingNodeOptions) {
    this.#transport = transport
    this.settings = { ...defaultSettings(), ...settings }
    this.runner = new CommandRunner({ seed, now })
    this.machine = new ReplicationMachine({
      settings: this.settings,
      random: new Random(seed),
      background: { kind: 'none' },
    })
  }

  get now(): number {
    return this.runner.clock.now
  }

  set now(now: number) {
    this.runner.clock.now = now
  }

  /** Runs a command as a client, its effects are replicated. */
  execute(argv: readonly Bytes[]): Bytes {
    const reply = this.runner.execute(argv)
    for (const effect of this.runner.takePropagated()) {
      this.machine.feed(this.runner.db.index, effect)
    }
    this.step({ type: 'flush' })
    return reply
  }

  /** All keys with values and expiry, in a form that compares. */
  contents(): string[] {
    const found: string[] = []
    for (const database of this.runner.databases) {
      for (const { key, value, expiryMs } of snapshotOf(database).records) {
        found.push(JSON.stringify([database.index, key, contentOf(value), expiryMs]))
      }
    }
    return found.sort()
  }

  follow(host: string, port: number): void {
    this.machine.follow({ host, port }, this.now)
    this.#performAll(this.machine.takeEffects())
  }

  promote(): void {
    this.machine.promote(this.now)
    this.#performAll(this.machine.takeEffects())
  }

  /** Hands over to a replica. Throws ReplyError. */
  beginFailover(request: Partial<FailoverRequest> = {}): void {
    const any = { target: undefined, timeoutMs: undefined, isForced: false }
    this.machine.beginFailover({ ...any, ...request }, this.now)
    this.step({ type: 'flush' })
  }

  abortFailover(): void {
    this.machine.abortFailover(this.now)
    this.#performAll(this.machine.takeEffects())
  }

  step(input: ReplicationInput): void {
    this.#performAll(this.machine.step(input, this.now))
  }

  /** Bytes from the master; valid during the call. */
  data(bytes: Buffer): void {
    this.step({ type: 'data', bytes })
    this.step({ type: 'flush' })
  }

  // ---- clients

  clientData(client: number, ip: string, bytes: Buffer): void {
    let state = this.#clients.get(client)
    if (state === undefined) {
      state = { decoder: new RequestDecoder(LIMITS), peer: new ReplicaPeer(client, ip) }
      this.#clients.set(client, state)
    }
    state.decoder.feed(bytes, bytes.length)
    for (let argv = state.decoder.next(); argv !== undefined; argv = state.decoder.next()) {
      this.#clientCommand(client, state.peer, argv)
    }
    this.step({ type: 'flush' })
  }

  clientClosed(client: number): void {
    if (this.#clients.delete(client)) this.step({ type: 'replica-gone', client })
  }

  #clientCommand(client: number, peer: ReplicaPeer, argv: readonly Bytes[]): void {
    const [name = '', ...words] = argv
    try {
      switch (name.toUpperCase()) {
        case 'PING':
          this.#transport.send(client, '+PONG\r\n')
          break
        case 'AUTH':
          this.#transport.send(client, '+OK\r\n')
          break
        case 'REPLCONF':
          if (this.machine.configure(peer, words, this.now)) {
            this.#transport.send(client, '+OK\r\n')
          }
          break
        case 'PSYNC':
        case 'SYNC':
          this.machine.synchronize(peer, words, false, this.now)
          break
        case 'SELECT':
          this.runner.execute(argv)
          this.#transport.send(client, '+OK\r\n')
          break
        default:
          this.#transport.send(client, this.execute(argv))
          break
      }
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      this.#transport.send(client, `-${error.message}\r\n`)
    }
    this.#performAll(this.machine.takeEffects())
  }

  // ---- effects

  #performAll(effects: readonly ReplicationEffect[]): void {
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: ReplicationEffect): void {
    switch (effect.type) {
      case 'connect':
        this.#transport.connect(effect.host, effect.port)
        break
      case 'write':
        this.#transport.write(effect.bytes)
        break
      case 'disconnect':
        this.#transport.disconnect()
        break
      case 'send':
        this.#transport.send(effect.client, effect.bytes)
        break
      case 'drop':
        this.#clients.delete(effect.client)
        this.#transport.drop(effect.client, effect.afterSend)
        break
      case 'log':
        this.log.push(`${effect.level === 'warning' ? '#' : '*'} ${effect.text}`)
        break
      case 'snapshot':
        this.#snapshot(effect.request)
        break
      case 'load':
        this.#load(effect.payload)
        break
      case 'link-up':
      case 'link-down':
        this.#masterDecoder = new RequestDecoder(LIMITS)
        this.#countedBytes = 0
        this.#transaction = undefined
        break
      case 'apply':
        this.#apply(effect.bytes)
        break
      case 'pause-writes':
      case 'resume-writes':
        this.isPaused = effect.type === 'pause-writes'
        this.machine.isPaused = this.isPaused
        break
    }
  }

  #snapshot(request: SnapshotRequest): void {
    const { transfer, isWhole, database, replicationId, offset } = request
    const chunks = writeRdb({
      auxiliary: [
        ['redis-ver', '7.0.15'],
        ['repl-stream-db', String(database ?? this.runner.db.index)],
        ['repl-id', replicationId],
        ['repl-offset', String(offset)],
      ],
      databases: this.runner.databases.map(snapshotOf),
    })
    const file = Buffer.concat([...chunks])
    if (isWhole) this.step({ type: 'snapshot-length', transfer, bytes: file.length })
    this.step({ type: 'chunk', transfer, bytes: file })
    this.step({ type: 'chunks-ended', transfer })
  }

  #load(payload: RdbSource): void {
    for (const database of this.runner.databases) database.flush()
    let [database] = this.runner.databases
    this.runner.execute(['SELECT', '0'])
    try {
      for (const item of readRdb(payload)) {
        if (item.type === 'database') database = this.runner.databases[item.index]
        else if (item.type === 'record' && database !== undefined) loadRecord(database, item.record)
        else if (item.type === 'auxiliary' && item.name === 'repl-stream-db') {
          this.runner.execute(['SELECT', item.value])
        }
      }
    } catch (error) {
      if (!(error instanceof RdbError)) throw error
      this.step({ type: 'load-failed', reason: error.message })
      return
    }
    this.step({ type: 'loaded' })
  }

  #apply(bytes: Buffer): void {
    const decoder = this.#masterDecoder
    decoder.feed(bytes, bytes.length)
    for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) {
      if (argv.length === 0) continue
      this.#applyCommand(argv)
      if (this.#transaction !== undefined) continue
      this.machine.applied(decoder.consumedBytes - this.#countedBytes)
      this.#countedBytes = decoder.consumedBytes
    }
    this.#performAll(this.machine.takeEffects())
  }

  #applyCommand(argv: Bytes[]): void {
    const name = argv[0]?.toUpperCase() ?? ''
    if (name === 'MULTI') this.#transaction = []
    else if (name === 'EXEC') {
      const queued = this.#transaction ?? []
      this.#transaction = undefined
      for (const words of queued) this.#applyCommand(words)
    } else if (this.#transaction !== undefined) this.#transaction.push(argv)
    else if (name === 'REPLCONF') {
      this.machine.configure(new ReplicaPeer(0, ''), argv.slice(1), this.now)
    } else if (name !== 'PING') {
      for (const database of this.runner.databases) database.expiry = 'keep'
      this.runner.isMasterLink = true
      const reply = this.runner.execute(argv)
      this.runner.isMasterLink = false
      this.runner.takePropagated()
      if (reply.startsWith('-')) throw new Error(`${argv.join(' ')}: ${reply}`)
    }
  }
}
