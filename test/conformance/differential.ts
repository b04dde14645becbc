/**
 * Says the same things to two groups of nodes - real ones and ours - and compares what they answer. Invariant: both sides
 * hear the same bytes in the same order on the same connections, each command after the reply to the one before.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import { splitArguments } from '../../lib/resp/inline.ts'
import type { Protocol } from '../../lib/resp/reply-sink.ts'
import type { ClusterUnderTest } from '../support/cluster-under-test.ts'
import { encodeRequest, type Reply, RespClient } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'
import { inOrder, sameAnswer, sameTransaction } from './answer.ts'

/** What `!heard` sends to know that all before it has come. */
const FENCE = 'all heard until here'
/** How long a message may take. */
const PATIENCE_MS = 5000

/** Something the two sides did not agree on. */
export interface Difference {
  /** As a person would type it. */
  readonly command: string
  /** What the real server said, raw. */
  readonly expected: Bytes
  readonly got: Bytes
}

/** A difference for a person to read: bytes escaped, and of long answers the part where they part. */
export function explained({ expected, got }: Difference): { expected: string; got: string } {
  let start = 0
  while (start < expected.length && expected[start] === got[start]) start++
  const from = Math.max(0, start - 120)
  const shown = (raw: Bytes) =>
    `${from > 0 ? `(${from} bytes) ...` : ''}${quoted(raw.slice(from, from + 400))}`
  return { expected: shown(expected), got: shown(got) }
}

/** By connection: the commands of its transaction so far. */
export type Queues = Map<string, (readonly Bytes[])[]>

/** A name, and lines to be said; see {@link Duel.play} for what a line may be. */
export interface Scenario {
  readonly name: string
  readonly lines: string
}

/** The nodes of one side, with the words that stand for what only this side calls so. */
class Side {
  readonly #cluster: ClusterUnderTest
  readonly #names = new Map<string, Bytes>()
  readonly #connections = new Map<string, RespClient>()
  readonly name: string

  constructor(name: string, cluster: ClusterUnderTest) {
    this.name = name
    this.#cluster = cluster
  }

  /**
   * Learns the ids and ports of the nodes: `$id0`, `$port0`, `$bus0` stand for them in what is said. Ends all other
   * connections, so that both sides have the same clients.
   */
  async introduce(): Promise<void> {
    for (const [index, node] of this.#cluster.nodes.entries()) {
      const connection = await RespClient.connect(node.port, node.host)
      const { value } = await connection.command('CLUSTER', 'MYID')
      await connection.command('CLIENT', 'KILL', 'TYPE', 'normal')
      await connection.close()
      this.#names.set(`id${index}`, String(value))
      this.#names.set(`port${index}`, String(node.port))
      this.#names.set(`bus${index}`, String(node.busPort))
    }
  }

  get size(): number {
    return this.#cluster.nodes.length
  }

  /** Connections are named by the number of their node and a letter or more if there are several: `0`, `0b`. */
  async connection(name: string, protocol: Protocol): Promise<RespClient> {
    const known = this.#connections.get(name)
    if (known !== undefined) return known
    const node = this.#cluster.nodes[Number.parseInt(name, 10)]
    if (node === undefined) throw new Error(`there is no node for connection ${name}`)
    const connection = await RespClient.connect(node.port, node.host)
    this.#connections.set(name, connection)
    if (protocol === 3) await connection.command('HELLO', '3')
    return connection
  }

  async say(name: string, protocol: Protocol, argv: readonly Bytes[]): Promise<Bytes> {
    const connection = await this.connection(name, protocol)
    const reply = await connection.command(...argv.map((word) => this.#spoken(word)))
    return this.#heard(reply)
  }

  /** Sends a command whose reply, if there is one, is heard later. */
  async send(name: string, protocol: Protocol, argv: readonly Bytes[]): Promise<void> {
    const connection = await this.connection(name, protocol)
    connection.send(encodeRequest(argv.map((word) => this.#spoken(word))))
  }

  /** The next `count` messages, or as many as come in time; without a count, all that the node has sent already. */
  async hear(name: string, protocol: Protocol, count: number | undefined): Promise<Bytes> {
    const connection = await this.connection(name, protocol)
    if (count === undefined) connection.send(encodeRequest(['PING', FENCE]))
    const heard: Reply[] = []
    for (let i = 0; i < (count ?? Number.POSITIVE_INFINITY); i++) {
      const reply = await connection.readWithin(PATIENCE_MS)
      if (reply === undefined) return `${inOrder(heard)}(nothing more)`
      if (count === undefined && reply.raw.includes(FENCE)) break
      heard.push({ ...reply, raw: this.#heard(reply) })
    }
    return inOrder(heard)
  }

  /** Sends commands that name no node in one go. */
  async sayAll(
    name: string,
    protocol: Protocol,
    batch: readonly (readonly Bytes[])[],
  ): Promise<Bytes[]> {
    const connection = await this.connection(name, protocol)
    return (await connection.pipeline(batch)).map(({ raw }) => raw)
  }

  /** Whether the server ends this connection before it answers a PING. */
  async ends(name: string, protocol: Protocol): Promise<boolean> {
    const connection = await this.connection(name, protocol)
    this.#connections.delete(name)
    const isOpen = await connection.command('PING').then(
      () => true,
      () => false,
    )
    await connection.close()
    return !isOpen
  }

  /** Deletes all users but the default one. */
  async forgetUsers(name: string): Promise<void> {
    const connection = await this.connection(name, 2)
    const { value } = await connection.command('ACL', 'USERS')
    const others = (value as Bytes[]).filter((user) => user !== 'default')
    if (others.length > 0) await connection.command('ACL', 'DELUSER', ...others)
  }

  async hangUp(): Promise<void> {
    const connections = [...this.#connections.values()]
    this.#connections.clear()
    await Promise.all(connections.map((connection) => connection.close()))
  }

  #spoken(word: Bytes): Bytes {
    return word.replace(
      /\$((?:id|port|bus)\d)/g,
      (whole, name: string) => this.#names.get(name) ?? whole,
    )
  }

  /** What only this side calls so becomes what both would, of the same length: ids `aaa...`, ports 99000, bus ports 99500. */
  #heard({ raw }: Reply): Bytes {
    let text = raw
    for (const [name, value] of this.#names) {
      if (!text.includes(value)) continue
      text = text.replace(new RegExp(`(?<![0-9a-f])${value}(?![0-9a-f])`, 'g'), commonName(name))
    }
    return text
  }
}

function commonName(name: string): string {
  const index = Number(name.at(-1))
  if (name.startsWith('id')) return String.fromCharCode(97 + index).repeat(40)
  return String((name.startsWith('port') ? 99_000 : 99_500) + index)
}

/** Two sides that should answer alike. */
export class Duel {
  readonly #expected: Side
  readonly #actual: Side

  private constructor(expected: Side, actual: Side) {
    this.#expected = expected
    this.#actual = actual
  }

  /** Brings two clusters of the same shape together. */
  static async between(expected: ClusterUnderTest, actual: ClusterUnderTest): Promise<Duel> {
    const sides = [new Side('expected', expected), new Side('got', actual)] as const
    await Promise.all(sides.map((side) => side.introduce()))
    return new Duel(...sides)
  }

  /**
   * Says the lines of a scenario on fresh connections to empty nodes and returns the differences. A line is a command as
   * a person types it, quotes and escapes understood. `@1b` before it says it on connection b to node 1 (else: `@0`).
   * Other lines: `!ended` asks whether the server has closed the connection, `!until <word> <command>` repeats a command
   * on both sides until its raw reply begins with that word, `!send <command>` waits for no reply, `!hears <n>` waits for
   * so many messages, `!heard` takes all that has come already, `!blocked <n>` waits until the node has so many blocked
   * clients.
   */
  async play(scenario: Scenario, protocol: Protocol): Promise<Difference[]> {
    await this.reset()
    const differences: Difference[] = []
    const queues: Queues = new Map()
    for (const line of scenario.lines.split('\n')) {
      const text = line.trim()
      if (text === '' || text.startsWith('#')) continue
      const [, name = '0', rest = ''] = /^(?:@(\w+) )?(.*)$/.exec(text) as RegExpExecArray
      const difference = await this.#step(rest, { name, protocol, queues })
      if (difference !== undefined) {
        differences.push({ ...difference, command: text })
      }
    }
    await this.hangUp()
    return differences
  }

  async #step(
    text: string,
    context: { name: string; protocol: Protocol; queues: Queues },
  ): Promise<Omit<Difference, 'command'> | undefined> {
    const { name, protocol, queues } = context
    if (text === '!ended') {
      const [expected, got] = await this.#both((side) => side.ends(name, protocol))
      if (expected === got) return undefined
      return { expected: `ended: ${expected}`, got: `ended: ${got}` }
    }
    const send = /^!send (.*)$/.exec(text)
    if (send !== null) {
      const words = wordsOf(send[1] as Bytes)
      await this.#both((side) => side.send(name, protocol, words))
      return undefined
    }
    const hears = /^!hear(?:s (\d+)|d)$/.exec(text)
    if (hears !== null) {
      const count = hears[1] === undefined ? undefined : Number(hears[1])
      const [expected, got] = await this.#both((side) => side.hear(name, protocol, count))
      return expected === got ? undefined : { expected, got }
    }
    const blocked = /^!blocked (\d+)$/.exec(text)
    if (blocked !== null) {
      await this.#both((side) =>
        waitFor(
          `${side.name}: ${text}`,
          () => side.say(name, protocol, ['INFO', 'clients']),
          (raw) => raw.includes(`\nblocked_clients:${blocked[1]}\r`),
        ),
      )
      return undefined
    }
    const until = /^!until (\S+) (.*)$/.exec(text)
    const argv = wordsOf(until?.[2] ?? text)
    if (until !== null) {
      await this.#both((side) =>
        waitFor(
          `${side.name}: ${text}`,
          () => side.say(name, protocol, argv),
          (raw) => raw.startsWith(until[1] as Bytes),
        ),
      )
      return undefined
    }
    const { isSame, ...heard } = await this.say(name, argv, { protocol, queues })
    return isSame ? undefined : heard
  }

  /** Says one command on a connection of both sides, and whether they answered alike; `queues` keeps what waits for its EXEC. */
  async say(
    name: string,
    argv: readonly Bytes[],
    { protocol = 2, queues }: { readonly protocol?: Protocol; readonly queues: Queues },
  ): Promise<Omit<Difference, 'command'> & { readonly isSame: boolean }> {
    const [expected, got] = await this.answers(name, argv, protocol)
    const command = argv[0]?.toUpperCase()
    const queue = queues.get(name) ?? []
    if (expected === '+QUEUED\r\n') queues.set(name, [...queue, argv])
    else if (command === 'EXEC' || command === 'DISCARD' || command === 'RESET') queues.delete(name)
    const isSame =
      command === 'EXEC' ? sameTransaction(queue, expected, got) : sameAnswer(argv, expected, got)
    return { expected, got, isSame }
  }

  /** Says one command on a connection of both sides: their raw replies, names of their own made common. */
  answers(name: string, argv: readonly Bytes[], protocol: Protocol = 2): Promise<[Bytes, Bytes]> {
    return this.#both((side) => side.say(name, protocol, argv))
  }

  /** Says commands one after the other, in one go; the first difference, with the number of its command. */
  async pipeline(
    batch: readonly (readonly Bytes[])[],
    protocol: Protocol,
  ): Promise<(Difference & { readonly index: number }) | undefined> {
    const [expected, got] = await this.#both((side) => side.sayAll('0', protocol, batch))
    let queued: (readonly Bytes[])[] = []
    for (const [index, argv] of batch.entries()) {
      const theirs = expected[index] as Bytes
      const ours = got[index] as Bytes
      const isExec = argv[0] === 'EXEC'
      const same = isExec ? sameTransaction(queued, theirs, ours) : sameAnswer(argv, theirs, ours)
      if (!same) return { index, command: typed(argv), expected: theirs, got: ours }
      if (theirs === '+QUEUED\r\n') queued.push(argv)
      else if (isExec) queued = []
    }
    return undefined
  }

  /** Empties all nodes, forgets all users, scripts and functions, and closes all connections. */
  async reset(): Promise<void> {
    await this.hangUp()
    for (let node = 0; node < this.#expected.size; node++) {
      // Replicas refuse.
      await this.#both((side) => side.say(String(node), 2, ['FLUSHALL']))
      await this.#both((side) => side.say(String(node), 2, ['SCRIPT', 'FLUSH']))
      await this.#both((side) => side.say(String(node), 2, ['FUNCTION', 'FLUSH']))
      await this.#both((side) => side.forgetUsers(String(node)))
    }
    await this.hangUp()
  }

  /** Closes all connections. */
  async hangUp(): Promise<void> {
    await this.#both((side) => side.hangUp())
  }

  #both<T>(work: (side: Side) => Promise<T>): Promise<[T, T]> {
    return Promise.all([work(this.#expected), work(this.#actual)])
  }
}

function wordsOf(text: string): Bytes[] {
  const words = splitArguments(text)
  if (words === undefined || words.length === 0) throw new Error(`no command: ${text}`)
  return words
}

/** A command as a person would type it. */
export function typed(argv: readonly Bytes[]): string {
  return argv
    .map((word) => (/^[!-~]+$/.test(word) && !/["'\\]/.test(word) ? word : quoted(word)))
    .join(' ')
}

function quoted(word: Bytes): string {
  const escaped = [...word].map((character) => {
    if (character === '"' || character === '\\') return `\\${character}`
    if (character === '\r') return '\\r'
    if (character === '\n') return '\\n'
    if (character >= ' ' && character <= '~') return character
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `"${escaped.join('')}"`
}
