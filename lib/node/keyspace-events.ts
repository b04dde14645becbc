/**
 * Events of keys as messages (notifyKeyspaceEvent): on `__keyspace@<db>__:<key>` the event, on `__keyevent@<db>__:<event>`
 * the key, to clients of this node alone, as they happen. Invariant: `wanted` is false exactly while
 * `notify-keyspace-events` chooses nothing.
 */
import type { Bytes } from '../base/bytes.ts'
import type { NotifyLetter } from '../keyspace/notification.ts'
import type { Config } from './config/config.ts'
import type { PubSub } from './pubsub.ts'

const DIRECTIVE = 'notify-keyspace-events'

/** Publishes the events a node's configuration asks for. */
export class KeyspaceEvents {
  readonly #pubsub: PubSub
  /** Some events are to be told. */
  wanted = false
  #letters = ''
  #byKey = false
  #byEvent = false

  constructor(config: Config, pubsub: PubSub) {
    this.#pubsub = pubsub
    this.#choose(config.text(DIRECTIVE))
    config.onChange(DIRECTIVE, (letters) => this.#choose(letters))
  }

  #choose(letters: string): void {
    this.#letters = letters
    this.#byKey = letters.includes('K')
    this.#byEvent = letters.includes('E')
    this.wanted = this.#byKey || this.#byEvent
  }

  /** Something happened to a key of a database. */
  tell(databaseIndex: number, notifyClass: NotifyLetter, event: Bytes, key: Bytes): void {
    if (!this.#letters.includes(notifyClass)) return
    if (this.#byKey) this.#pubsub.deliver(`__keyspace@${databaseIndex}__:${key}`, event)
    if (this.#byEvent) this.#pubsub.deliver(`__keyevent@${databaseIndex}__:${event}`, key)
  }
}
