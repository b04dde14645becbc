/**
 * A slot that stays half-moved for as long as a test wants to look at it: ASK, TRYAGAIN and keys at both ends. Invariant: the
 * slot is claimed until `finish` or `abort`, so that nothing else moves it.
 */
import { type Bytes, bytesOf } from '../../base/bytes.ts'
import { keySlot } from '../../base/crc16.ts'
import { ownsForAll } from '../agreement.ts'
import { ClusterError } from '../cluster-error.ts'
import type { SlotMove } from '../handle.ts'
import { bad, wrong } from '../option-check.ts'
import { slotsIn } from '../slot-list.ts'
import { credentialsFor, SlotMigration } from '../slot-migration.ts'
import { claimSlots } from '../slot-transfer.ts'
import type { Lever, LeverContext } from './lever.ts'
import { transfersOf } from './migrate-slots.ts'

/** Opens a slot at both ends and moves no key yet. */
export const beginMigration: Lever<'beginMigration'> = async (context, options) => {
  context.checkRunning()
  if (typeof options !== 'object' || options === null || typeof options.slot !== 'number') {
    throw bad('`beginMigration` takes an object, such as { slot: 0, to: node }')
  }
  const slots = slotsIn('slot', options.slot)
  const [transfer] = transfersOf(context, slots, options.to, undefined)
  if (transfer === undefined) throw bad('`slot` is missing')
  const release = claimSlots(context, slots)
  const migration = new SlotMigration(context, transfer, await credentialsFor(context, options.to))
  try {
    await migration.open()
  } catch (error) {
    await migration.abort(options.slot).catch(() => context.checkRunning())
    release()
    throw error
  }
  return new OpenMove(context, migration, release)
}

/** The handle of a slot that is half-moved. */
class OpenMove implements SlotMove {
  readonly #context: LeverContext
  readonly #migration: SlotMigration
  readonly #release: () => void
  #isOpen = true

  constructor(context: LeverContext, migration: SlotMigration, release: () => void) {
    this.#context = context
    this.#migration = migration
    this.#release = release
  }

  get slot(): number {
    return this.#migration.slots[0] as number
  }

  get from() {
    return this.#migration.from
  }

  get to() {
    return this.#migration.to
  }

  async moveKeys(keys: number | readonly (string | Uint8Array)[]): Promise<void> {
    this.#checkOpen()
    if (Array.isArray(keys)) {
      const words = keys.map((key) => this.#wordOf(key))
      if (words.length > 0) await this.#migration.moveKeys(words)
    } else if (Number.isInteger(keys) && (keys as number) >= 0) {
      await this.#migration.moveSome(keys as number)
    } else throw wrong('keys', keys, 'a list of keys, or how many to move')
  }

  async finish(): Promise<void> {
    this.#checkOpen()
    await this.#migration.moveSome()
    await this.#migration.give()
    this.#close()
    const { slot, to } = this
    await this.#context.waitUntil(
      () => ownsForAll(this.#context, to, [slot]),
      `not all nodes agreed on node ${to.index} as the owner of slot ${slot}`,
    )
  }

  async abort(): Promise<void> {
    this.#checkOpen()
    await this.#migration.abort(this.slot)
    this.#close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOpen && !this.#context.closing.aborted) await this.abort()
  }

  #wordOf(key: string | Uint8Array): Bytes {
    const word = typeof key === 'string' ? bytesOf(key) : latin1(key)
    const slot = keySlot(word)
    if (slot === this.slot) return word
    throw bad(`key '${word}' is in slot ${slot}; only keys of slot ${this.slot} move here`)
  }

  #checkOpen(): void {
    this.#context.checkRunning()
    if (this.#isOpen) return
    throw new ClusterError(
      'ERR_SLOT_BUSY',
      `the migration of slot ${this.slot} is over: it was finished or aborted; begin another one`,
    )
  }

  #close(): void {
    this.#isOpen = false
    this.#release()
  }
}

function latin1(bytes: Uint8Array): Bytes {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
