/**
 * All users of a node by name (the Users tree of acl.c). Invariant: a user stays the same object as long as it exists, since
 * sessions hold on to theirs; there is always a default user, as which sessions begin.
 */
import type { Bytes } from '../base/bytes.ts'
import { rulesOf } from './description.ts'
import { User, type UserDefaults } from './user.ts'

/** The name of the user that sessions begin as. */
export const DEFAULT_NAME = 'default'

/** Users by name. */
export class UserDirectory {
  readonly default: User
  readonly #users = new Map<Bytes, User>()

  /** The default user alone, who may do everything. */
  constructor(defaults: UserDefaults) {
    this.default = this.put(unlimited(DEFAULT_NAME, defaults))
  }

  /** In the order of their names as bytes. */
  get all(): readonly User[] {
    return [...this.#users.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  find(name: Bytes): User | undefined {
    return this.#users.get(name)
  }

  /** Gives the user of this name all that a draft has; makes it if there is none. */
  put(draft: User): User {
    const user = this.#users.get(draft.name) ?? draft
    user.become(draft)
    this.#users.set(user.name, user)
    return user
  }

  remove(user: User): void {
    this.#users.delete(user.name)
  }

  /** Puts others in place of all users; returns all that were there but the default one, which changes. */
  replaceAll(drafts: ReadonlyMap<Bytes, User>, defaults: UserDefaults): User[] {
    const gone = this.all.filter((user) => user !== this.default)
    for (const user of gone) this.remove(user)
    this.put(drafts.get(DEFAULT_NAME) ?? unlimited(DEFAULT_NAME, defaults))
    for (const draft of drafts.values()) this.put(draft)
    return gone
  }

  /** `user <name> <rules>` of each, as ACL LIST, ACL files and redis.conf have it. */
  lines(): Bytes[] {
    return this.all.map((user) => `user ${user.name} ${rulesOf(user)}`)
  }
}

/** A user that may do everything, without a password. */
export function unlimited(name: Bytes, defaults: UserDefaults): User {
  const user = new User(name, defaults)
  user.enable(true)
  user.resetPasswords(true)
  user.root.resetKeys(true)
  user.root.resetChannels(true)
  user.root.commands.allowAll()
  user.isUnrestricted = true
  return user
}
