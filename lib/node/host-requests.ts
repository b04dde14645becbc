/**
 * Commands that the host gives a node without a connection: run as one, so that the cluster hears of them together, and
 * answered together when the last of them is through.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Session } from './session.ts'

/** The parts of a node that run them. */
export interface HostedNode {
  /** A session that needs no password and has nobody at its other end. */
  openHostSession(): Session
  execute(session: Session, argv: readonly Bytes[]): void
  settleCluster(): void
}

/** What the host has asked of a node. */
export class HostRequests {
  readonly #node: HostedNode
  readonly #answers = new Map<Session, (reply: Bytes) => void>()
  #isBatch = false

  constructor(node: HostedNode) {
    this.#node = node
  }

  /** Commands that belong together are being run: the cluster hears of them when all were. */
  get isBatch(): boolean {
    return this.#isBatch
  }

  /** Runs commands; gives the replies as RESP2 when all are there, at once unless one has to wait. */
  run(commands: readonly (readonly Bytes[])[], answer: (replies: readonly Bytes[]) => void): void {
    const replies: Bytes[] = []
    let missing = commands.length
    const answerIfWhole = (): void => {
      if (missing === 0 && !this.#isBatch) answer(replies)
    }
    this.#isBatch = true
    for (const [i, argv] of commands.entries()) {
      this.#runOne(argv, (reply) => {
        replies[i] = reply
        missing--
        answerIfWhole()
      })
    }
    this.#isBatch = false
    this.#node.settleCluster()
    answerIfWhole()
  }

  #runOne(argv: readonly Bytes[], answer: (reply: Bytes) => void): void {
    const session = this.#node.openHostSession()
    this.#answers.set(session, answer)
    this.#node.execute(session, argv)
    if (!session.isHeld) this.conclude(session)
  }

  /** A command of the host is through. */
  conclude(session: Session): void {
    this.#answers.get(session)?.(session.reply.take())
    this.#answers.delete(session)
  }
}
