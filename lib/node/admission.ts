/**
 * Which connections become clients: those above `maxclients` do not, nor do those of other machines while there is no
 * password and `protected-mode` is on (acceptCommonHandler, clientAcceptHandler).
 */
import type { AccessControl } from '../acl/access-control.ts'
import type { Bytes } from '../base/bytes.ts'
import type { ConfigPort } from '../commands/context.ts'
import type { ClientRegistry } from './client-registry.ts'
import type { Session } from './session.ts'
import type { NodeStats } from './stats.ts'

/** The parts of a node that know of its clients. */
export interface AdmittingNode {
  readonly config: ConfigPort
  readonly clients: ClientRegistry
  readonly acl: AccessControl
  readonly stats: NodeStats
}

/** Lets connections in. */
export class Admission {
  readonly #node: AdmittingNode
  readonly #heedsProtectedMode: boolean

  constructor(node: AdmittingNode, heedsProtectedMode: boolean) {
    this.#node = node
    this.#heedsProtectedMode = heedsProtectedMode
  }

  /** Makes the session of a new connection a client; or it has its refusal to say and is closing. */
  decide(session: Session): void {
    const { clients, stats } = this.#node
    const refusal = this.#refusalOf(session)
    if (refusal === undefined) {
      stats.connectionsReceived++
      clients.add(session)
      return
    }
    stats.connectionsRejected++
    session.reply.raw(refusal)
    session.closing = 'after-reply'
  }

  #refusalOf(session: Session): Bytes | undefined {
    const { clients, config } = this.#node
    if (clients.count >= config.number('maxclients')) return TOO_MANY_CLIENTS
    return this.#isProtectedFrom(session) ? PROTECTED_MODE : undefined
  }

  #isProtectedFrom(session: Session): boolean {
    if (!this.#heedsProtectedMode || session.isLocal) return false
    const { config, acl } = this.#node
    return config.boolean('protected-mode') && acl.defaultUser.needsNoPassword
  }
}

const TOO_MANY_CLIENTS = '-ERR max number of clients reached\r\n'

/** As verbose as Redis is here, for those who wonder why nothing works. */
const PROTECTED_MODE =
  '-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this mode connections are only accepted from the loopback interface. If you want to connect from external computers to Redis you may adopt one of the following solutions: ' +
  "1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the same host the server is running, however MAKE SURE Redis is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change permanent. " +
  "2) Alternatively you can just disable the protected mode by editing the Redis configuration file, and setting the protected mode option to 'no', and then restarting the server. " +
  "3) If you started the server manually just for testing, restart it with the '--protected-mode no' option. " +
  '4) Setup a an authentication password for the default user. ' +
  'NOTE: You only need to do one of the above things in order for the server to start accepting connections from the outside.\r\n'
