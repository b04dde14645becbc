/**
 * A replica that only reads: it takes the snapshot of an in-process node and then hands out the commands of the stream,
 * as a person would type them.
 */
import type { Session } from '../../lib/node/session.ts'
import type { NodeHarness } from './node-harness.ts'
import { parseReply } from './resp-client.ts'

/** Follows the stream of one node. */
export class StreamReader {
  readonly session: Session
  readonly #harness: NodeHarness

  constructor(harness: NodeHarness) {
    this.#harness = harness
    this.session = harness.connect()
    harness.type(this.session, 'REPLCONF capa eof capa psync2')
    harness.type(this.session, 'PSYNC ? -1')
    harness.type(this.session, 'REPLCONF ACK 0')
  }

  /** The bytes of the stream since the last call. */
  takeBytes(): string {
    return this.#harness.take(this.session)
  }

  /** The commands of the stream since the last call. */
  take(): string[] {
    const bytes = this.takeBytes()
    const commands: string[] = []
    for (let at = 0; at < bytes.length; ) {
      const request = parseReply(bytes, at)
      if (request === undefined) throw new Error(`the stream breaks off: ${bytes.slice(at)}`)
      commands.push((request.value as string[]).join(' '))
      at = request.end
    }
    return commands
  }
}
