/**
 * Clients that said MONITOR: each command that ran is shown to them in a line, with its time, database and client, secrets
 * left out (replicationFeedMonitors). Invariant: `any` is false exactly while nobody watches.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import { quoteWord } from '../base/quote.ts'
import type { Command } from '../commands/command.ts'
import { withoutSecrets } from './secret.ts'
import type { Session } from './session.ts'

/** Who watches the commands of a node. */
export class Monitors {
  /** Somebody watches: commands need to be shown. */
  any = false
  readonly #sessions = new Set<Session>()
  readonly #clock: Clock
  readonly #changed: () => void

  /** `changed` hears whenever {@link any} may have. */
  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  has(session: Session): boolean {
    return this.#sessions.has(session)
  }

  add(session: Session): void {
    this.#sessions.add(session)
    this.any = true
    this.#changed()
  }

  remove(session: Session): void {
    if (!this.#sessions.delete(session)) return
    this.any = this.#sessions.size > 0
    this.#changed()
  }

  /** A client is about to run a command: one that runs others is shown before those are. */
  announce(session: Session, command: Command, argv: readonly Bytes[]): void {
    if (command.group === 'scripting' && command.has('skip_monitor')) {
      this.#tell(session, command, argv)
    }
  }

  /** A command of this client ran. */
  show(session: Session, command: Command, argv: readonly Bytes[]): void {
    if (!command.isAdmin && !command.has('skip_monitor')) this.#tell(session, command, argv)
  }

  #tell(session: Session, command: Command, argv: readonly Bytes[]): void {
    const { now, microseconds } = this.#clock
    const time = `${Math.floor(now / 1000)}.${String((now % 1000) * 1000 + microseconds).padStart(6, '0')}`
    const words = withoutSecrets(command, argv).map(quoteWord).join(' ')
    const line = `+${time} [${session.databaseIndex} ${session.peer.address}] ${words}\r\n`
    for (const monitor of this.#sessions) if (monitor.replyMode === 'on') monitor.push(line)
  }
}
