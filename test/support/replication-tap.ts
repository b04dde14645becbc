/**
 * A replica that only listens: it asks a server, ours or real, for everything, throws the snapshot away and keeps the
 * commands of the stream as they were sent.
 */
import { connect, type Socket } from 'node:net'
import type { Bytes } from '../../lib/base/bytes.ts'
import { parseReply } from './resp-client.ts'
import { waitFor } from './wait.ts'

/** A connection that gets the stream. */
export class ReplicationTap {
  /** The commands of the stream so far, without the signs of life. */
  readonly commands: Bytes[][] = []
  readonly #socket: Socket
  #text: Bytes = ''
  #state: 'answer' | 'length' | 'stream' = 'answer'

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      this.#text += chunk.toString('latin1')
      while (this.#take());
    })
  }

  /** Connects and waits for the stream to begin. */
  static async open(port: number): Promise<ReplicationTap> {
    const socket = connect({ port, host: '127.0.0.1' })
    const tap = new ReplicationTap(socket)
    socket.write('*3\r\n$5\r\nPSYNC\r\n$1\r\n?\r\n$2\r\n-1\r\n')
    await waitFor(
      'the stream to begin',
      () => tap.#state,
      (state) => state === 'stream',
    )
    return tap
  }

  /** The commands up to one whose second word is this, without it; they are taken away. */
  async until(word: Bytes): Promise<Bytes[][]> {
    const { commands } = this
    const index = await waitFor(
      `${word} in the stream`,
      () => commands.findIndex((argv) => argv[1] === word),
      (found) => found >= 0,
    )
    return commands.splice(0, index + 1).slice(0, -1)
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(): boolean {
    if (this.#state === 'stream') return this.#takeCommand()
    const text = this.#text.replace(/^\n+/, '')
    const end = text.indexOf('\r\n')
    if (end < 0) return false
    if (this.#state === 'answer') {
      this.#state = 'length'
      this.#text = text.slice(end + 2)
      return true
    }
    const length = Number(text.slice(1, end))
    if (text.length < end + 2 + length) return false
    this.#text = text.slice(end + 2 + length)
    this.#state = 'stream'
    return true
  }

  #takeCommand(): boolean {
    const reply = parseReply(this.#text)
    if (reply === undefined) return false
    this.#text = this.#text.slice(reply.end)
    const argv = reply.value as Bytes[]
    if (!/^(?:ping|replconf)$/i.test(argv[0] ?? '')) this.commands.push(argv)
    return true
  }
}
