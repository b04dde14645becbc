/**
 * Where clients reach the node, and CONFIG SET of `port` and `bind`, which changes it (changeListenPort, changeBindAddr).
 * The system answers in a later turn: until then the client that asked for it waits, and nobody else.
 * Invariant: but for that time `port` and `bind` say where the node listens.
 */
import type { Bytes } from '../base/bytes.ts'
import type { ListeningPort } from '../commands/context.ts'
import type { CommandEntry, CommandTable } from '../commands/table.ts'
import type { Config } from './config/config.ts'
import { setFailed } from './config/config.ts'
import type { Holding } from './holding.ts'
import type { NodeIo } from './io.ts'
import type { Session } from './session.ts'

/** What a change needs of its node. */
export interface ListeningNode {
  readonly commands: CommandTable
  readonly holding: Pick<Holding, 'conclude'>
}

/** A change that is asked for. */
interface Change {
  readonly session: Session
  readonly argv: readonly Bytes[]
  /** Gives all directives of the command the values they had. */
  readonly undo: () => void
}

/** Changes where a node listens. */
export class Listening {
  readonly #node: ListeningNode
  readonly #config: Config
  readonly #io: NodeIo
  #bind: Bytes
  #port: number
  /** The first is under way. */
  readonly #changes: Change[] = []

  constructor(parts: {
    readonly node: ListeningNode
    readonly config: Config
    readonly io: NodeIo
  }) {
    this.#node = parts.node
    this.#config = parts.config
    this.#io = parts.io
    this.#bind = parts.config.text('bind')
    this.#port = parts.config.number('port')
  }

  portFor(session: Session): ListeningPort {
    const listening = this
    return {
      get isCurrent() {
        return listening.#isCurrent
      },
      change: (argv, undo) => {
        session.postponed = argv
        this.#changes.push({ session, argv, undo })
        if (this.#changes.length === 1) this.#begin()
      },
    }
  }

  get #isCurrent(): boolean {
    return this.#config.text('bind') === this.#bind && this.#config.number('port') === this.#port
  }

  #begin(): void {
    const addresses = this.#config.text('bind').split(' ').filter(Boolean)
    this.#io.listen(addresses, this.#config.number('port'))
  }

  /** The system has answered: the node listens where it is to, or where it did before. */
  listened(isMoved: boolean): void {
    const change = this.#changes.shift()
    if (change === undefined) return
    const { session, argv, undo } = change
    const name = this.#config.text('bind') === this.#bind ? 'port' : 'bind'
    if (isMoved) {
      this.#bind = this.#config.text('bind')
      this.#port = this.#config.number('port')
    } else {
      this.#io.log(
        'warning',
        `Failed applying new configuration. Possibly related to new ${name} setting. Restoring previous settings.`,
      )
      undo()
    }
    const { commands, holding } = this.#node
    holding.conclude(session, {
      entry: commands.lookUpDeclared('config|set') as CommandEntry,
      argv,
      finish: () => {
        if (!isMoved) throw setFailed(name, REASONS[name])
        session.reply.ok()
      },
    })
    if (this.#changes.length > 0) this.#begin()
  }
}

const REASONS = {
  port: 'Unable to listen on this port. Check server logs.',
  bind: 'Failed to bind to specified addresses.',
} as const
