/**
 * A client that writes to a cluster without rest, each write followed by WAIT 1 on the same connection, and remembers
 * which ones a replica has acknowledged. It goes where it is sent, and on when a node is gone. Invariant: a key is written
 * until it is acknowledged, always with the same value.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import { keySlot } from '../../lib/base/crc16.ts'
import { RespClient, RespError, type RespValue } from './resp-client.ts'

/** A node that says nothing for so long is given up. */
const PATIENCE_MS = 3000
const PAUSE_MS = 20

/** Writes until it is stopped. */
export class AcknowledgedWriter {
  /** What a master and a replica had said to hold. */
  readonly acknowledged = new Map<Bytes, Bytes>()
  readonly #ports: readonly number[]
  readonly #clients = new Map<number, RespClient>()
  /** Where a slot was found last. */
  readonly #owners = new Map<number, number>()
  #isStopped = false
  #written: Promise<void> | undefined
  #attempts = 0

  /** The nodes' client ports on the loopback address; the keys are `written:0`, `written:1`... */
  constructor(ports: readonly number[]) {
    this.#ports = ports
  }

  start(): void {
    this.#isStopped = false
    this.#written ??= this.#write()
  }

  /** Resolves when nothing is on its way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#written
    this.#written = undefined
    await Promise.all([...this.#clients.keys()].map((port) => this.#forget(port)))
  }

  /** What of the acknowledged is not there any more, or is something else. */
  async losses(): Promise<string[]> {
    const lost: string[] = []
    for (const [key, value] of this.acknowledged) {
      const [found] = await this.#ask(key, [['GET', key]])
      if (found !== value) lost.push(`${key}: ${String(found)} instead of ${value}`)
    }
    await Promise.all([...this.#clients.keys()].map((port) => this.#forget(port)))
    return lost
  }

  async #write(): Promise<void> {
    while (!this.#isStopped) {
      const number = this.acknowledged.size
      const key = `written:${number}`
      const value = `value ${number}`
      const [written, count] = await this.#ask(key, [
        ['SET', key, value],
        ['WAIT', '1', '500'],
      ])
      if (written === 'OK' && Number(count) >= 1) this.acknowledged.set(key, value)
    }
  }

  /** The answers of the node that has the key, however long it takes to find one. */
  async #ask(key: Bytes, commands: readonly (readonly Bytes[])[]): Promise<RespValue[]> {
    const slot = keySlot(key)
    let asksAt: number | undefined
    for (;;) {
      const port = asksAt ?? this.#owners.get(slot) ?? this.#anyPort()
      const isAsking = asksAt !== undefined
      asksAt = undefined
      const answers = await this.#say(port, isAsking ? [['ASKING'], ...commands] : commands)
      if (isAsking) answers?.shift()
      const [first] = answers ?? []
      if (answers !== undefined && !(first instanceof RespError)) {
        if (!isAsking) this.#owners.set(slot, port)
        return answers
      }
      const [word, , address] = first instanceof RespError ? first.message.split(' ') : []
      const told = Number(address?.split(':')[1])
      if (word === 'ASK') asksAt = told
      else if (word === 'MOVED' && told !== port) this.#owners.set(slot, told)
      else {
        this.#owners.delete(slot)
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
    }
  }

  #anyPort(): number {
    return this.#ports[this.#attempts++ % this.#ports.length] as number
  }

  /** Undefined when the node is not there, or does not answer. */
  async #say(
    port: number,
    commands: readonly (readonly Bytes[])[],
  ): Promise<RespValue[] | undefined> {
    let timer: NodeJS.Timeout | undefined
    try {
      const client = this.#clients.get(port) ?? (await RespClient.connect(port))
      this.#clients.set(port, client)
      // Closing it rejects what it waits for.
      timer = setTimeout(() => void client.close(), PATIENCE_MS)
      return (await client.pipeline(commands)).map(({ value }) => value)
    } catch {
      await this.#forget(port)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  async #forget(port: number): Promise<void> {
    const client = this.#clients.get(port)
    this.#clients.delete(port)
    await client?.close()
  }
}
