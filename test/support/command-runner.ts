/**
 * Runs commands on databases in this process, without a node: the declarations' own handlers over a context of plain
 * objects, with a clock the test sets. It hands back the raw reply and records what a node would hear: events of the
 * keyspace, touched keys and what is propagated. No routing, no gates: arity is all that is checked.
 */
import type { Test } from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import { Version } from '../../lib/base/version.ts'
import type { Context } from '../../lib/commands/context.ts'
import { CommandTable } from '../../lib/commands/table.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { Database } from '../../lib/keyspace/database.ts'
import type { KeyspaceListener } from '../../lib/keyspace/listener.ts'
import { splitArguments } from '../../lib/resp/inline.ts'
import { ReplyError, unknownSubcommand, wrongArity } from '../../lib/resp/reply-error.ts'
import type { Protocol } from '../../lib/resp/reply-sink.ts'
import { WireReply } from '../../lib/resp/wire-reply.ts'

const DATABASES = 16

/** How a runner differs from a standalone node with Redis' defaults. */
export interface CommandRunnerOptions {
  /** 7.0 unless given: what most tests know was seen there. */
  readonly version?: string
  readonly protocol?: Protocol
  readonly seed?: string | number
  /** Unix ms of the start. */
  readonly now?: number
  /** Ports that replace the runner's own, or are there at all: `cluster`, `clients`, `transaction`, `replication`. */
  readonly ports?: Partial<Context>
}

/** A client of databases of its own. */
export class CommandRunner implements KeyspaceListener {
  readonly clock: { now: number; microseconds: number }
  readonly databases: readonly Database[]
  readonly limits = defaultEncodingLimits()
  readonly changes = { dirty: 0 }
  readonly stats = { hits: 0, misses: 0, expired: 0, expiredFields: 0, evicted: 0, lazyFreed: 0 }
  /** What directives commands ask for have. */
  readonly config = new Map([
    ['databases', String(DATABASES)],
    ['proto-max-bulk-len', '536870912'],
    ['enable-debug-command', 'yes'],
    ['lazyfree-lazy-expire', 'no'],
    ['lazyfree-lazy-server-del', 'no'],
    ['lazyfree-lazy-user-del', 'no'],
    ['lazyfree-lazy-user-flush', 'no'],
    ['maxmemory', '0'],
    ['maxmemory-policy', 'noeviction'],
    ['sanitize-dump-payload', 'no'],
    ['rdbcompression', 'yes'],
  ])
  #events: string[] = []
  #touched: Bytes[] = []
  #propagated: Bytes[][] = []
  readonly #version: Version
  readonly #table: CommandTable
  readonly #reply: WireReply
  readonly #context: Context & { db: Database }
  readonly #client = {
    isMasterLink: false,
    isFlooded: false,
    readsEveryKey: () => true,
    selectDatabase: (index: number) => {
      this.#context.db = this.databases[index] as Database
    },
  }
  #replacement: readonly Bytes[] | undefined
  #prevented = false
  #forced = false

  constructor(options: CommandRunnerOptions = {}) {
    this.clock = { now: options.now ?? 1_700_000_000_000, microseconds: 0 }
    const random = new Random(options.seed ?? 1)
    this.#version = new Version(options.version ?? '7.0')
    this.#reply = new WireReply(undefined, { hasShortDoubles: this.#version.atLeast('7.2') })
    this.#table = new CommandTable(this.#version)
    if (!this.#version.atLeast('7.2')) this.limits.setMaxListpackEntries = 0
    this.databases = Array.from(
      { length: DATABASES },
      (_, index) =>
        new Database({
          index,
          clock: this.clock,
          limits: this.limits,
          listener: this,
          stats: this.stats,
          random,
          changes: this.changes,
        }),
    )
    this.#reply.protocol = options.protocol ?? 2
    this.#context = {
      reply: this.#reply,
      db: this.databases[0] as Database,
      clock: this.clock,
      random,
      commands: this.#table,
      cluster: undefined,
      ...this.#ports(),
      ...options.ports,
    } as Context & { db: Database }
  }

  get db(): Database {
    return this.#context.db
  }

  /** Whether what runs comes from a master's stream. */
  set isMasterLink(isMasterLink: boolean) {
    this.#client.isMasterLink = isMasterLink
  }

  set protocol(protocol: Protocol) {
    this.#reply.protocol = protocol
  }

  /** Runs a line as a person types it, quotes and escapes understood; returns the raw reply. */
  run(line: string): Bytes {
    const argv = splitArguments(line)
    if (argv === undefined) throw new Error(`unbalanced quotes: ${line}`)
    return this.execute(argv)
  }

  /** Runs several lines; returns the last reply. */
  runAll(...lines: readonly string[]): Bytes {
    let reply: Bytes = ''
    for (const line of lines) reply = this.run(line)
    return reply
  }

  /** Runs a command; returns the raw reply. */
  execute(argv: readonly Bytes[]): Bytes {
    try {
      this.#run(argv)
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      this.#reply.error(error.message)
    }
    return this.#reply.take()
  }

  /** What a line does beside its reply: events, how many changes it counts, what is propagated as words and blanks. */
  effectOf(line: string): [events: string[], changes: number, propagated: string[]] {
    this.takeEvents()
    this.takePropagated()
    const before = this.changes.dirty
    this.run(line)
    const propagated = this.takePropagated().map((words) => words.join(' '))
    return [this.takeEvents(), this.changes.dirty - before, propagated]
  }

  /** What was propagated since the last call, one command's words each. */
  takePropagated(): Bytes[][] {
    const taken = this.#propagated
    this.#propagated = []
    return taken
  }

  /** The keyspace events since the last call, `string set key` each by the letter of the class: `$ set key`. */
  takeEvents(): string[] {
    const taken = this.#events
    this.#events = []
    return taken
  }

  /** The keys touched since the last call, in order. */
  takeTouched(): Bytes[] {
    const taken = this.#touched
    this.#touched = []
    return taken
  }

  touched(_db: Database, key: Bytes): void {
    this.#touched.push(key)
  }

  /** Nobody waits here. */
  ready(): void {}

  /** Nobody watches here. */
  swapped(): void {}

  flushed(db: Database): void {
    for (const key of db.keys()) this.#touched.push(key)
  }

  notify(_db: Database, notifyClass: string, event: string, key: Bytes): void {
    this.#events.push(`${notifyClass} ${event} ${key}`)
  }

  expired(_db: Database, key: Bytes): void {
    this.#propagated.push(['DEL', key])
  }

  fieldExpired(_db: Database, key: Bytes, field: Bytes): void {
    this.#propagated.push(['HDEL', key, field])
  }

  #run(argv: readonly Bytes[]): void {
    const entry = this.#table.resolve(argv)
    if (entry === undefined) {
      const container = this.#table.find(argv[0] ?? '')
      if (container === undefined) throw new Error(`no such command: ${argv[0]}`)
      throw unknownSubcommand(container.command.name, argv[1] ?? '')
    }
    const { command } = entry
    if (command.arity > 0 ? argv.length !== command.arity : argv.length < -command.arity) {
      throw wrongArity(command.fullName)
    }
    const dirty = this.changes.dirty
    this.#replacement = undefined
    this.#prevented = false
    this.#forced = false
    command.run(this.#context, argv)
    const changed = this.changes.dirty !== dirty
    if ((changed || this.#forced) && !this.#prevented) {
      this.#propagated.push([...(this.#replacement ?? argv)])
    }
  }

  #ports(): Pick<Context, 'config' | 'listening' | 'propagation' | 'blocking'> & {
    scripting: unknown
    server: unknown
    persistence: unknown
    client: unknown
  } {
    const text = (name: string) => {
      const value = this.config.get(name)
      if (value === undefined) throw new Error(`the runner has no directive ${name}`)
      return value
    }
    return {
      config: {
        match: () => [],
        set: (pairs) => {
          for (const [name, value] of pairs) this.config.set(name, value)
          return () => {}
        },
        rewrite: () => {},
        number: (name) => Number(text(name)),
        boolean: (name) => text(name) === 'yes',
        text,
      },

      listening: {
        isCurrent: true,
        change: () => {
          throw new Error('nobody listens in the runner')
        },
      },
      propagation: {
        replaceWith: (argv) => {
          this.#replacement = argv
        },
        also: (argv) => {
          this.#propagated.push([...argv])
        },
        prevent: () => {
          this.#prevented = true
        },
        force: () => {
          this.#forced = true
        },
      },
      blocking: {
        allowed: false,
        isScript: false,
        awaitKeys: () => {
          throw new Error('no client waits in the runner')
        },
        awaitReplicas: () => {
          throw new Error('no client waits in the runner')
        },
        awaitShutdown: () => {
          throw new Error('no client waits in the runner')
        },
        awaitDisks: () => {
          throw new Error('no client waits in the runner')
        },
        countDisks: () => ({ local: 0, replicas: 0 }),
        acknowledgedReplicas: () => 0,
        unblock: () => false,
      },
      server: {
        databases: this.databases,
        version: this.#version,
        activity: { expires: true, runsCron: true, deniesScripts: true, verifiesChecksums: true },
      },
      client: this.#client,
      persistence: { flushed: () => {}, sanitized: () => {} },
      scripting: { busy: undefined },
    }
  }
}

/** A line to run and the raw reply it must get, each CRLF written as `|`. */
export type Exchange = readonly [line: string, reply: string]

/** Runs the lines one after the other and compares the replies. */
export function expectReplies(
  t: Test,
  runner: CommandRunner,
  exchanges: readonly Exchange[],
): void {
  for (const [line, reply] of exchanges)
    t.equal(runner.run(line).replaceAll('\r\n', '|'), reply, line)
}
