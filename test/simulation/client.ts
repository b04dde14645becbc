/**
 * Clients of a simulated cluster: routines that send commands over the network of the world, wait for replies that may
 * never come, and follow redirections as cluster clients do. Invariant: a routine goes on only when the world's clock
 * reaches the reply, the time-out or the end of its sleep.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import { keySlot } from '../../lib/base/crc16.ts'
import type { Random } from '../../lib/base/random.ts'
import { encodeRequest, parseReply, RespError, type RespValue } from '../support/resp-client.ts'
import type { End, Payload } from './network.ts'
import type { World } from './world.ts'

/** What a routine waits for. */
export type Wish =
  | { readonly sleepMs: number }
  /** Replies to all of these commands, sent at once. */
  | { readonly node: number; readonly commands: readonly (readonly Bytes[])[] }

/** Something a client does; the answer to a wish is the replies, or undefined when they did not come. */
export type Routine<T = void> = Generator<Wish, T, readonly RespValue[] | undefined>

/** How a command to the cluster ended. */
export interface Outcome {
  /** The last reply; undefined when there was none. */
  readonly reply: RespValue | undefined
  /** Who gave it. */
  readonly node: number
  /** Some node was sent the command and did not answer: it may run yet. */
  readonly isDoubtful: boolean
}

const PATIENCE_MS = 3000
const ATTEMPTS = 12
const FIRST_PORT = 7000

/** Errors that may be others in a moment. */
const PASSING = new Set(['MOVED', 'ASK', 'TRYAGAIN', 'CLUSTERDOWN', 'MASTERDOWN'])

interface Connection {
  readonly end: End
  received: string
  readonly replies: RespValue[]
}

/** One client. */
export class Client {
  readonly #world: World
  readonly #place: number
  readonly #random: Random
  readonly #connections = new Map<number, Connection>()
  readonly #owners = new Map<number, number>()
  #waiting:
    | { node: number; count: number; give: (replies: RespValue[] | undefined) => void }
    | undefined

  /** Stands at a place: cuts of that place cut it off too. */
  constructor(world: World, place: number, random: Random) {
    this.#world = world
    this.#place = place
    this.#random = random
  }

  /** Runs a routine from now on. */
  start(routine: Routine): void {
    this.#go(routine, undefined)
  }

  #go(routine: Routine, answer: readonly RespValue[] | undefined): void {
    const { done, value } = routine.next(answer)
    if (done) {
      for (const node of [...this.#connections.keys()]) this.#hangUp(node)
      return
    }
    if ('sleepMs' in value) {
      this.#world.queue.after(value.sleepMs, () => this.#go(routine, undefined))
    } else {
      this.#ask(value.node, value.commands, (replies) => this.#go(routine, replies))
    }
  }

  #ask(
    node: number,
    commands: readonly (readonly Bytes[])[],
    give: (replies: RespValue[] | undefined) => void,
  ): void {
    const waiting = { node, count: commands.length, give }
    this.#waiting = waiting
    this.#connect(node).end.send(commands.map(encodeRequest).join(''))
    this.#world.queue.after(PATIENCE_MS, () => {
      if (this.#waiting === waiting) this.#fail(node)
    })
  }

  #connect(node: number): Connection {
    const known = this.#connections.get(node)
    if (known !== undefined) return known
    const listener = {
      opened: () => {},
      data: (payload: Payload) => this.#receive(node, payload as string),
      closed: () => this.#fail(node),
    }
    const end = this.#world.network.connect(this.#place, node, FIRST_PORT + node, listener)
    const connection = { end, received: '', replies: [] }
    this.#connections.set(node, connection)
    return connection
  }

  #receive(node: number, text: string): void {
    const connection = this.#connections.get(node)
    if (connection === undefined) return
    connection.received += text
    for (;;) {
      const reply = parseReply(connection.received)
      if (reply === undefined) break
      connection.received = connection.received.slice(reply.end)
      connection.replies.push(reply.value)
    }
    const waiting = this.#waiting
    if (waiting?.node !== node || connection.replies.length < waiting.count) return
    this.#waiting = undefined
    waiting.give(connection.replies.splice(0))
  }

  #fail(node: number): void {
    this.#hangUp(node)
    const waiting = this.#waiting
    if (waiting?.node !== node) return
    this.#waiting = undefined
    waiting.give(undefined)
  }

  #hangUp(node: number): void {
    this.#connections.get(node)?.end.close()
    this.#connections.delete(node)
  }

  /** Sends a command to the node that serves its key, wherever that is. */
  *command(key: Bytes, ...argv: readonly Bytes[]): Routine<Outcome> {
    const slot = keySlot(key)
    const { hosts } = this.#world
    let node = this.#owners.get(slot) ?? this.#random.below(hosts.length)
    let isAsking = false
    let isDoubtful = false
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const commands: (readonly Bytes[])[] = isAsking ? [['ASKING'], argv] : [argv]
      isAsking = false
      const replies: readonly RespValue[] | undefined = yield { node, commands }
      const reply = replies?.at(-1)
      if (reply === undefined) {
        isDoubtful = true
        this.#owners.delete(slot)
        break
      }
      if (!(reply instanceof RespError)) {
        return { reply, node, isDoubtful }
      }
      const [word, , address = ''] = reply.message.split(' ')
      const port = Number(address.slice(address.lastIndexOf(':') + 1))
      // A node that lost its address is redirected to all the same.
      if ((word === 'MOVED' || word === 'ASK') && hosts[port - FIRST_PORT] !== undefined) {
        node = port - FIRST_PORT
        isAsking = word === 'ASK'
        if (word === 'MOVED') this.#owners.set(slot, node)
      } else if (!PASSING.has(word ?? '')) {
        return { reply, node, isDoubtful }
      } else {
        yield { sleepMs: 50 + this.#random.below(200) }
        if (word !== 'TRYAGAIN') node = this.#random.below(hosts.length)
      }
    }
    return { reply: undefined, node, isDoubtful }
  }
}
