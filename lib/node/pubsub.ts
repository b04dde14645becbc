/**
 * Who listens to what on this node: channels, patterns over them, and channels of the node's shard (pubsub.c). Messages
 * reach a client in the order they were published, among its replies. Invariant: a subscription is in its client's set and
 * in the node's, or in neither; a name nobody listens to is not kept.
 */
import type { Bytes } from '../base/bytes.ts'
import { keySlot } from '../base/crc16.ts'
import { globMatch } from '../base/glob.ts'
import type { SlotRange } from '../cluster/slot-bitmap.ts'
import type { PubSubPort, SubscriptionKind } from '../commands/context.ts'
import type { Protocol } from '../resp/reply-sink.ts'
import { WireReply } from '../resp/wire-reply.ts'

/** A client as far as messages concern it. */
export interface Listener {
  readonly reply: { readonly protocol: Protocol }
  /** It has subscriptions: in RESP2 it may do little else. */
  subscribed: boolean
  /** Says something that is no reply. */
  push(text: Bytes): void
}

/** What others have to hear of a client's message. */
export type Announce = (message: {
  readonly channel: Bytes
  readonly payload: Bytes
  readonly sharded: boolean
}) => void

/** The words of each kind of subscription. */
const WORDS = {
  channel: { on: 'subscribe', off: 'unsubscribe' },
  pattern: { on: 'psubscribe', off: 'punsubscribe' },
  shard: { on: 'ssubscribe', off: 'sunsubscribe' },
} as const

/** All subscriptions of a node. */
export class PubSub {
  readonly #announce: Announce
  readonly #subscribers = {
    channel: new Map<Bytes, Set<Subscriptions>>(),
    pattern: new Map<Bytes, Set<Subscriptions>>(),
    shard: new Map<Bytes, Set<Subscriptions>>(),
  }

  /** `announce` takes a client's message to the other nodes. */
  constructor(announce: Announce) {
    this.#announce = announce
  }

  /** The subscriptions of a new client: none. */
  for(listener: Listener): Subscriptions {
    return new Subscriptions(this, listener)
  }

  /** How many names of a kind have subscribers. */
  count(kind: SubscriptionKind): number {
    return this.#subscribers[kind].size
  }

  /** The names of a kind that have subscribers. */
  names(kind: SubscriptionKind): Bytes[] {
    return [...this.#subscribers[kind].keys()]
  }

  subscribersOf(kind: SubscriptionKind, name: Bytes): number {
    return this.#subscribers[kind].get(name)?.size ?? 0
  }

  add(kind: SubscriptionKind, name: Bytes, subscriptions: Subscriptions): void {
    const subscribers = this.#subscribers[kind].get(name)
    if (subscribers === undefined) this.#subscribers[kind].set(name, new Set([subscriptions]))
    else subscribers.add(subscriptions)
  }

  remove(kind: SubscriptionKind, name: Bytes, subscriptions: Subscriptions): void {
    const subscribers = this.#subscribers[kind].get(name)
    if (subscribers?.delete(subscriptions) && subscribers.size === 0) {
      this.#subscribers[kind].delete(name)
    }
  }

  /** A client of this node publishes: here, then to the others; how many received it here. */
  publish(channel: Bytes, payload: Bytes, sharded: boolean): number {
    const receivers = sharded
      ? this.deliverToShard(channel, payload)
      : this.deliver(channel, payload)
    this.#announce({ channel, payload, sharded })
    return receivers
  }

  /** Gives a message to whoever listens to its channel here; how many times. */
  deliver(channel: Bytes, payload: Bytes): number {
    const subscribers = this.#subscribers.channel.get(channel)
    let receivers = give(subscribers, ['message', channel, payload])
    for (const [pattern, others] of this.#subscribers.pattern) {
      if (!globMatch(pattern, channel)) continue
      receivers += give(others, ['pmessage', pattern, channel, payload])
    }
    return receivers
  }

  /** {@link deliver} on a channel of the shard. */
  deliverToShard(channel: Bytes, payload: Bytes): number {
    return give(this.#subscribers.shard.get(channel), ['smessage', channel, payload])
  }

  /** Our shard does not serve these slots any more: ends subscriptions to their channels (removeChannelsInSlot). */
  closeSlots(slots: readonly SlotRange[]): void {
    const channels = this.#subscribers.shard
    if (channels.size === 0) return
    const bySlot = new Map<number, Bytes[]>()
    for (const channel of [...channels.keys()].sort()) {
      const slot = keySlot(channel)
      bySlot.set(slot, [...(bySlot.get(slot) ?? []), channel])
    }
    for (const [start, end] of slots) {
      for (let slot = start; slot <= end; slot++) {
        for (const channel of bySlot.get(slot) ?? []) {
          for (const subscriptions of [...(channels.get(channel) ?? [])]) {
            subscriptions.unsubscribe('shard', channel)
          }
        }
      }
    }
  }
}

/** Writes a message once for each protocol somebody speaks. */
function give(subscribers: Set<Subscriptions> | undefined, words: readonly Bytes[]): number {
  if (subscribers === undefined) return 0
  const texts: { [protocol in Protocol]?: Bytes } = {}
  for (const { listener } of subscribers) {
    const { protocol } = listener.reply
    texts[protocol] ??= pushed(protocol, words.length, (writer) => {
      for (const word of words) writer.bulk(word)
    })
    listener.push(texts[protocol])
  }
  return subscribers.size
}

const writer = new WireReply()

function pushed(protocol: Protocol, length: number, write: (writer: WireReply) => void): Bytes {
  writer.protocol = protocol
  writer.push(length)
  write(writer)
  return writer.take()
}

/** The subscriptions of one client, which hears of each change. */
export class Subscriptions implements PubSubPort {
  readonly listener: Listener
  readonly #node: PubSub
  /** Most clients never subscribe. */
  #own: { readonly [kind in SubscriptionKind]: Set<Bytes> } | undefined

  constructor(node: PubSub, listener: Listener) {
    this.#node = node
    this.listener = listener
  }

  /** How many names of a kind the client is subscribed to. */
  count(kind: SubscriptionKind): number {
    return this.#own?.[kind].size ?? 0
  }

  /** The names of a kind that the client is subscribed to. */
  ownNames(kind: SubscriptionKind): readonly Bytes[] {
    return [...(this.#own?.[kind] ?? [])]
  }

  subscribe(kind: SubscriptionKind, name: Bytes): void {
    this.#own ??= { channel: new Set(), pattern: new Set(), shard: new Set() }
    if (!this.#own[kind].has(name)) {
      this.#own[kind].add(name)
      this.#node.add(kind, name, this)
    }
    this.listener.subscribed = true
    this.#confirm(kind, WORDS[kind].on, name)
  }

  unsubscribe(kind: SubscriptionKind, name: Bytes): void {
    this.#remove(kind, name)
    this.#confirm(kind, WORDS[kind].off, name)
  }

  unsubscribeAll(kind: SubscriptionKind): void {
    const names = this.ownNames(kind)
    for (const name of names) this.unsubscribe(kind, name)
    if (names.length === 0) this.#confirm(kind, WORDS[kind].off, undefined)
  }

  /** Ends all subscriptions without a word: the client is gone, or new again. */
  clear(): void {
    if (this.#own === undefined) return
    for (const kind of ['channel', 'pattern', 'shard'] as const) {
      for (const name of this.#own[kind]) this.#remove(kind, name)
    }
  }

  publish(channel: Bytes, payload: Bytes): number {
    return this.#node.publish(channel, payload, false)
  }

  publishToShard(channel: Bytes, payload: Bytes): number {
    return this.#node.publish(channel, payload, true)
  }

  names(kind: SubscriptionKind): Bytes[] {
    return this.#node.names(kind)
  }

  subscribersOf(kind: SubscriptionKind, name: Bytes): number {
    return this.#node.subscribersOf(kind, name)
  }

  #remove(kind: SubscriptionKind, name: Bytes): void {
    const own = this.#own
    if (own === undefined || !own[kind].delete(name)) return
    this.#node.remove(kind, name, this)
    this.listener.subscribed = own.channel.size + own.pattern.size + own.shard.size > 0
  }

  /** What the client hears of a change: channels and patterns are counted together, those of the shard apart. */
  #confirm(kind: SubscriptionKind, word: Bytes, name: Bytes | undefined): void {
    const left =
      kind === 'shard' ? this.count('shard') : this.count('channel') + this.count('pattern')
    const { protocol } = this.listener.reply
    this.listener.push(
      pushed(protocol, 3, (writer) => {
        writer.bulk(word)
        writer.bulkOrNull(name)
        writer.integer(left)
      }),
    )
  }
}
