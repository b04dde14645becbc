/**
 * All sessions of a node, oldest first: what CLIENT LIST shows and CLIENT KILL selects from (server.clients).
 */
import type { Bytes } from '../base/bytes.ts'
import type { ClientFilter, ClientPort, ClientsPort } from '../commands/context.ts'
import type { Session } from './session.ts'

/** The clients that Redis runs scripts and functions as have the first numbers (lua_client, of eval.c and functions.c). */
const SCRIPT_CLIENTS = 2

/** The sessions of one node. */
export class ClientRegistry implements ClientsPort {
  readonly #sessions = new Map<number, Session>()
  readonly #close: (session: Session) => void
  #lastId = SCRIPT_CLIENTS

  /** `close` ends a session's connection at once. */
  constructor(close: (session: Session) => void) {
    this.#close = close
  }

  /** A number no session of this node had before. */
  nextId(): number {
    return ++this.#lastId
  }

  add(session: Session): void {
    this.#sessions.set(session.id, session)
  }

  remove(session: Session): void {
    this.#sessions.delete(session.id)
  }

  find(id: number): Session | undefined {
    return this.#sessions.get(id)
  }

  get count(): number {
    return this.#sessions.size
  }

  /** Every session, oldest first. */
  all(): IterableIterator<Session> {
    return this.#sessions.values()
  }

  list(filter: ClientFilter, caller: ClientPort, running: readonly Bytes[]): Bytes[] {
    const lines: Bytes[] = []
    for (const session of this.#sessions.values()) {
      // One that is closed is gone, although its socket may need a moment.
      if (session.closing === 'now' || !matches(session, filter)) continue
      lines.push(session.describe(session === caller ? running : undefined))
    }
    return lines
  }

  kill(filter: ClientFilter, caller: ClientPort): number {
    let killed = 0
    for (const session of [...this.#sessions.values()]) {
      if (session.closing !== 'no' || !matches(session, filter)) continue
      if (session === caller) {
        if (filter.skipMe ?? true) continue
        session.closeAfterReply()
      } else {
        this.#close(session)
      }
      killed++
    }
    return killed
  }
}

function matches(session: Session, filter: ClientFilter): boolean {
  if (filter.ageSeconds !== undefined && session.ageSeconds < filter.ageSeconds) return false
  if (filter.id !== undefined && session.id !== filter.id) return false
  if (filter.ids !== undefined && !filter.ids.includes(session.id)) return false
  if (filter.address !== undefined && session.peer.address !== filter.address) return false
  if (filter.localAddress !== undefined && session.peer.localAddress !== filter.localAddress) {
    return false
  }
  if (filter.type !== undefined && typeOf(session) !== filter.type) return false
  return filter.user === undefined || filter.user === session.userName
}

function typeOf(session: Session): NonNullable<ClientFilter['type']> {
  if (session.kind === 'master' || session.kind === 'replica') return session.kind
  return session.subscribed ? 'pubsub' : 'normal'
}
