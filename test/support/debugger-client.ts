/**
 * A client of the Lua debugger: says something and waits for the answer, which is one reply, or all that comes until the
 * connection ends where the session does. Invariant: nothing that came is lost between two answers.
 */
import { connect, type Socket } from 'node:net'
import { parseReply } from './resp-client.ts'

/** What is said: words of a request, one text to be split at its blanks, or bytes as they are. */
export type Saying = readonly string[] | string | { readonly raw: string }

const PATIENCE_MS = 10_000

/** The bytes of what is said. */
export function bytesOfSaying(saying: Saying): string {
  if (typeof saying === 'object' && 'raw' in saying) return saying.raw
  const words = typeof saying === 'string' ? saying.split(' ') : saying
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
}

/** One connection. */
export class DebuggerClient {
  readonly #socket: Socket
  #received = ''
  #hasEnded = false
  #look: () => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    const ended = () => {
      this.#hasEnded = true
      this.#look()
    }
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1')
      this.#look()
    })
    // A server that closes with bytes unread resets.
    socket.on('end', ended).on('close', ended).on('error', ended)
  }

  static async connect(port: number): Promise<DebuggerClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return new DebuggerClient(socket)
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Says something that is not answered yet. */
  async mutter(saying: Saying): Promise<void> {
    await new Promise((resolve) => this.#socket.write(bytesOfSaying(saying), 'latin1', resolve))
    await new Promise(setImmediate)
  }

  /** Says something and returns the answer, `<end>` behind it when the connection has ended. */
  async say(saying: Saying): Promise<string> {
    await this.mutter(saying)
    return this.answer(JSON.stringify(saying))
  }

  /** The next answer. */
  answer(to = 'what was said'): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#look = () => {}
        reject(new Error(`no answer to ${to}; received: ${this.#received.slice(0, 1000)}`))
      }, PATIENCE_MS)
      this.#look = () => {
        const found = this.#take()
        if (found === undefined) return
        clearTimeout(timer)
        this.#look = () => {}
        resolve(found)
      }
      this.#look()
    })
  }

  #take(): string | undefined {
    const reply = this.#received === '' ? undefined : parseReply(this.#received)
    const endsSession = this.#received.includes('+<endsession>\r\n')
    const isWhole = this.#hasEnded || (reply !== undefined && !endsSession)
    if (!isWhole) return undefined
    const end = this.#hasEnded ? this.#received.length : (reply?.end ?? 0)
    const text = this.#received.slice(0, end)
    this.#received = this.#received.slice(end)
    return this.#hasEnded ? `${text}<end>` : text
  }

  close(): void {
    this.#socket.destroy()
  }
}
