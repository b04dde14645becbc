/**
 * A raw RESP client for tests: it sends argument vectors, or any bytes, and hands back each reply twice - as the exact
 * bytes received and as a parsed value. It hides nothing: no reconnects, no redirections, no handshake of its own.
 * Invariant: replies come out in the order the server sent them, pushes included.
 */
import type { Buffer } from 'node:buffer'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import type { Bytes } from '../../lib/base/bytes.ts'

/** An error reply as a value; `message` is the line after the `-` (or the text of a RESP3 blob error). */
export class RespError {
  readonly message: Bytes

  constructor(message: Bytes) {
    this.message = message
  }
}

/** An out-of-band push of RESP3. */
export class RespPush {
  readonly items: readonly RespValue[]

  constructor(items: readonly RespValue[]) {
    this.items = items
  }
}

/** A parsed reply: nulls of every kind are null, verbatim strings are their text, big numbers and unsafe integers bigint. */
export type RespValue =
  | Bytes
  | number
  | bigint
  | boolean
  | null
  | RespError
  | RespPush
  | RespValue[]
  | Map<RespValue, RespValue>
  | Set<RespValue>

/** One reply: its bytes as received and what they mean. */
export interface Reply {
  readonly raw: Bytes
  readonly value: RespValue
}

/** Parses the reply that starts at `start`; undefined when the text ends before it does. Throws on text that is not RESP. */
export function parseReply(
  text: Bytes,
  start = 0,
): { readonly value: RespValue; readonly end: number } | undefined {
  const lineEnd = text.indexOf('\r\n', start)
  if (lineEnd < 0) return undefined
  const type = text[start] ?? ''
  const line = text.slice(start + 1, lineEnd)
  const end = lineEnd + 2
  switch (type) {
    case '+':
      return { value: line, end }
    case '-':
      return { value: new RespError(line), end }
    case ':':
      return { value: integerOf(line), end }
    case '(':
      return { value: BigInt(line), end }
    case '_':
      return { value: null, end }
    case '#':
      return { value: line === 't', end }
    case ',':
      return { value: doubleOf(line), end }
    case '$':
    case '=':
    case '!':
      return parseBlob(text, type, Number(line), end)
    case '*':
    case '~':
    case '>':
    case '%':
      return parseAggregate(text, type, Number(line), end)
    default:
      throw new Error(`not a RESP reply: ${JSON.stringify(text.slice(start, start + 40))}`)
  }
}

function parseBlob(
  text: Bytes,
  type: string,
  length: number,
  start: number,
): { value: RespValue; end: number } | undefined {
  if (length === -1) return { value: null, end: start }
  const end = start + length + 2
  if (text.length < end) return undefined
  const blob = text.slice(start, start + length)
  if (type === '=') return { value: blob.slice(4), end }
  return { value: type === '!' ? new RespError(blob) : blob, end }
}

function parseAggregate(
  text: Bytes,
  type: string,
  length: number,
  start: number,
): { value: RespValue; end: number } | undefined {
  if (length === -1) return { value: null, end: start }
  const items: RespValue[] = []
  let end = start
  for (let i = 0; i < (type === '%' ? 2 * length : length); i++) {
    const item = parseReply(text, end)
    if (item === undefined) return undefined
    items.push(item.value)
    end = item.end
  }
  if (type === '~') return { value: new Set(items), end }
  if (type === '>') return { value: new RespPush(items), end }
  if (type === '*') return { value: items, end }
  const map = new Map<RespValue, RespValue>()
  for (let i = 0; i < items.length; i += 2) map.set(items[i] ?? null, items[i + 1] ?? null)
  return { value: map, end }
}

function integerOf(digits: Bytes): number | bigint {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits)
}

function doubleOf(text: Bytes): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY
  if (text === '-inf') return Number.NEGATIVE_INFINITY
  return Number(text)
}

/** The request that carries these arguments, as clients send it. */
export function encodeRequest(argv: readonly Bytes[]): Bytes {
  return `*${argv.length}\r\n${argv.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
}

interface Waiter {
  resolve(reply: Reply): void
  reject(error: Error): void
}

/** One connection to a server. */
export class RespClient {
  readonly #socket: Socket
  readonly #waiters: Waiter[] = []
  readonly #replies: Reply[] = []
  readonly #closed: Promise<void>
  #received: Bytes = ''
  #failure: Error | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('data', (chunk: Buffer) => this.#take(chunk.toString('latin1')))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  /** Connects; rejects when nobody listens there. */
  static connect(port: number, host = '127.0.0.1'): Promise<RespClient> {
    return RespClient.#open({ port, host, noDelay: true })
  }

  /** Connects to a socket in the file system. */
  static connectAt(path: string): Promise<RespClient> {
    return RespClient.#open({ path })
  }

  static #open(place: NetConnectOpts): Promise<RespClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(place)
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new RespClient(socket))
      })
    })
  }

  /** Sends one command and waits for the next reply. An error reply resolves, as a {@link RespError}. */
  command(...argv: readonly Bytes[]): Promise<Reply> {
    this.send(encodeRequest(argv))
    return this.read()
  }

  /** Sends several commands at once and waits for as many replies. */
  pipeline(commands: readonly (readonly Bytes[])[]): Promise<Reply[]> {
    this.send(commands.map(encodeRequest).join(''))
    return Promise.all(commands.map(() => this.read()))
  }

  /** Sends these bytes as they are. */
  send(bytes: Bytes): void {
    this.#socket.write(bytes, 'latin1')
  }

  /** The next reply or push; rejects when the connection ends first. */
  read(): Promise<Reply> {
    const ready = this.#replies.shift()
    if (ready !== undefined) return Promise.resolve(ready)
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  /** {@link read}, or undefined when nothing has come by then: the next read gets what comes later. */
  async readWithin(timeoutMs: number): Promise<Reply | undefined> {
    if (this.#replies.length > 0) return this.read()
    let timer: NodeJS.Timeout | undefined
    const waiter = new Promise<Reply | undefined>((resolve, reject) => {
      const own = { resolve, reject }
      this.#waiters.push(own)
      timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(own), 1)
        resolve(undefined)
      }, timeoutMs)
    })
    try {
      return this.#failure === undefined ? await waiter : await this.read()
    } finally {
      clearTimeout(timer)
    }
  }

  /** Resolves when the connection has ended, whoever ended it. */
  get closed(): Promise<void> {
    return this.#closed
  }

  /** Bytes received that belong to no complete reply yet. */
  get unread(): Bytes {
    return this.#received
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#socket.destroy()
    await this.#closed
  }

  #take(bytes: Bytes): void {
    this.#received += bytes
    try {
      let start = 0
      for (;;) {
        const reply = parseReply(this.#received, start)
        if (reply === undefined) break
        this.#give({ raw: this.#received.slice(start, reply.end), value: reply.value })
        start = reply.end
      }
      this.#received = this.#received.slice(start)
    } catch (error) {
      this.#fail(error as Error)
      this.#socket.destroy()
    }
  }

  #give(reply: Reply): void {
    const waiter = this.#waiters.shift()
    if (waiter === undefined) this.#replies.push(reply)
    else waiter.resolve(reply)
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#failure)
  }
}
