/**
 * Whether a user may run a command with its arguments (ACLCheckAllUserCommandPerm in acl.c): one of its selectors has to
 * permit the command, all its keys and all its channels. When none does, the refusal is that of the selector that came
 * the furthest. Users without restrictions are not asked: dispatch knows them by `isUnrestricted`.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Command, type KeyReference, keyReferencesOf } from '../commands/command.ts'
import type { KeyAccess, Selector } from './selector.ts'
import type { User } from './user.ts'

/** What a user may not do; the position is the word in argv that it is about. */
export interface Denial {
  readonly reason: 'command' | 'key' | 'channel'
  readonly position: number
}

const COMMAND_DENIED: Denial = { reason: 'command', position: 0 }

/** In this order selectors look: a later refusal is closer to a permission. */
const ORDER = ['command', 'key', 'channel'] as const

/** A request as selectors look at it; its keys are found once. */
class Request {
  readonly command: Command
  readonly argv: readonly Bytes[]
  #keys: readonly KeyReference[] | undefined

  constructor(command: Command, argv: readonly Bytes[]) {
    this.command = command
    this.argv = argv
  }

  /** None when the arguments are malformed: the command will say so itself. */
  get keys(): readonly KeyReference[] {
    this.#keys ??= keyReferencesOf(this.command, this.argv) ?? []
    return this.#keys
  }
}

/** What of this the user may not do; undefined when it may do all of it. */
export function denialOf(user: User, command: Command, argv: readonly Bytes[]): Denial | undefined {
  const request = new Request(command, argv)
  let closest = COMMAND_DENIED
  for (const selector of user.selectors) {
    const denial = denialBy(selector, request)
    if (denial === undefined) return undefined
    const distance = ORDER.indexOf(denial.reason) - ORDER.indexOf(closest.reason)
    if (distance > 0 || (distance === 0 && denial.position > closest.position)) closest = denial
  }
  return closest
}

/** The user may run this, and a selector by which it may lets it do this to every key. */
export function permitsEveryKey(
  user: User,
  { command, argv }: { readonly command: Command; readonly argv: readonly Bytes[] },
  access: KeyAccess,
): boolean {
  const request = new Request(command, argv)
  return user.selectors.some(
    (selector) => denialBy(selector, request) === undefined && selector.permitsEveryKey(access),
  )
}

function denialBy(selector: Selector, request: Request): Denial | undefined {
  const { command, argv } = request
  if (!command.has('no_auth') && !selector.commands.permits(command, argv)) return COMMAND_DENIED
  if (!selector.allKeys) {
    for (const { position, flags } of request.keys) {
      if (!selector.permitsKey(argv[position] as Bytes, flags)) return { reason: 'key', position }
    }
  }
  if (selector.allChannels || command.channels === undefined) return undefined
  const { first, last, arePatterns = false } = command.channels
  const end = last < 0 ? argv.length + last : last
  for (let position = first; position <= end; position++) {
    if (!selector.permitsChannel(argv[position] as Bytes, arePatterns)) {
      return { reason: 'channel', position }
    }
  }
  return undefined
}
