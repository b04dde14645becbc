/**
 * Access control of one node: its users, who logs in as whom, what is refused and remembered (acl.c). It knows clients by
 * what it needs of them, and files by their text; both are the node's.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { AclLogEntry, AclPort, UserDescription } from '../commands/acl-port.ts'
import { arityFits, type Command } from '../commands/command.ts'
import type { ClientPort, ClientsPort, Credentials } from '../commands/context.ts'
import type { CommandTable } from '../commands/table.ts'
import { ReplyError, wrongArity } from '../resp/reply-error.ts'
import { channelLoss, type Listener } from './channel-loss.ts'
import { DeclarationError, declareUsers } from './declaration.ts'
import { describeUser } from './description.ts'
import { DEFAULT_NAME, UserDirectory, unlimited } from './directory.ts'
import { AclFileError, parseAclFile } from './file.ts'
import { AclLog, type Refusal } from './log.ts'
import { type Denial, denialOf, permitsEveryKey } from './permission.ts'
import { hasBlank, mergeSelectors, mistakeIn, type RuleContext } from './rule.ts'
import { digestOf, User } from './user.ts'

/** A client as access control sees it. */
export interface AclClient extends Listener {
  readonly id: number
  user: User
  /** It has logged in, or came when nobody had to. */
  authenticated: boolean
  readonly transaction: { readonly active: boolean }
  /** A line of CLIENT LIST. */
  describe(): Bytes
}

/** What access control asks of the node. */
export interface AclNode {
  readonly commands: CommandTable
  readonly clock: Clock
  /** Directives as they are now. */
  readonly settings: {
    /** `acl-pubsub-default` is `allchannels`. */
    readonly allChannels: boolean
    /** `acllog-max-len` */
    readonly logLength: number
    /** `aclfile`, empty for none. */
    readonly file: Bytes
  }
  readonly clients: Pick<ClientsPort, 'kill'> & { all(): Iterable<AclClient> }
  /** Throws an Error whose message is the system's reason. */
  readFile(path: Bytes): Bytes
  /** As `readFile`. */
  replaceFile(path: Bytes, text: Bytes): void
  log(level: 'notice' | 'warning', text: string): void
}

/** Whom a node knows when it starts. */
export interface AclStart {
  /** `requirepass`, empty for none. */
  readonly password: Bytes
  /** The `user` lines of redis.conf, each without `user` itself. */
  readonly declarations: readonly (readonly Bytes[])[]
}

const noFile = new ReplyError(
  'ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.',
)
const FILE_AND_DECLARATIONS =
  'Configuring Redis with users defined in redis.conf and at the same setting an ACL file path is invalid. This setup is very likely to lead to configuration errors and security holes, please define either an ACL file or declare users directly in your redis.conf, but not both.'

/** What EXEC says of a queued command that is not permitted any more. */
const CHANGED_RULES =
  'NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: '
const LOST: Readonly<Record<Denial['reason'], string>> = {
  command: 'no permission to execute the command or subcommand',
  key: 'no permission to touch the specified keys',
  channel: 'no permission to access one of the channels used as arguments',
}

/** What a script is told. */
const DENIED_IN_SCRIPT: Readonly<Record<Denial['reason'], string>> = {
  command: "can't run this command or subcommand",
  key: "can't access at least one of the keys mentioned in the command arguments",
  channel: "can't publish to the channel mentioned in the command",
}

/** The users of a node and what they may do. */
export class AccessControl implements AclPort {
  /** Whom nothing is refused: the stream of the master, the host. */
  readonly superuser: User
  readonly #node: AclNode
  readonly #users: UserDirectory
  readonly #log = new AclLog()
  /** How often something was refused for a reason. */
  readonly denials = { auth: 0, command: 0, key: 0, channel: 0 }

  /** Throws {@link DeclarationError} or {@link AclFileError}. */
  constructor(node: AclNode, { password, declarations }: AclStart) {
    this.#node = node
    const context = this.#context
    this.superuser = unlimited('(superuser)', context)
    this.#users = new UserDirectory(context)
    if (password !== '') this.setDefaultPassword(password)
    if (node.settings.file === '') this.#declare(declarations)
    else if (declarations.length > 0) throw new DeclarationError(FILE_AND_DECLARATIONS)
    else this.#loadFile()
  }

  #declare(declarations: readonly (readonly Bytes[])[]): void {
    for (const { name, isEnabled } of declareUsers(this.#users, declarations, this.#context)) {
      if (isEnabled) continue
      this.#node.log(
        'notice',
        `The user '${name}' is disabled (there is no 'on' modifier in the user description). Make sure this is not a configuration error.`,
      )
    }
  }

  get #context(): RuleContext {
    const { commands, settings } = this.#node
    return {
      table: commands,
      allChannels: settings.allChannels,
      warn: (text) => this.#node.log('warning', text),
    }
  }

  /** As whom clients begin. */
  get defaultUser(): User {
    return this.#users.default
  }

  get loginRequired(): boolean {
    return !this.#users.default.isOpen
  }

  get defaultNeedsNoPassword(): boolean {
    return this.#users.default.needsNoPassword
  }

  get userNames(): readonly Bytes[] {
    return this.#users.all.map(({ name }) => name)
  }

  hasUser(name: Bytes): boolean {
    return this.#users.find(name) !== undefined
  }

  describe(name: Bytes): UserDescription | undefined {
    const user = this.#users.find(name)
    return user === undefined ? undefined : describeUser(user)
  }

  lines(): readonly Bytes[] {
    return this.#users.lines()
  }

  /** `requirepass` has a new value, empty for none. */
  setDefaultPassword(password: Bytes): void {
    const { default: user } = this.#users
    user.resetPasswords(password === '')
    if (password !== '') user.addPassword(digestOf(password))
  }

  /** A client acts as this user from now on, if the password is right; if not, that is remembered. */
  logIn(client: AclClient, { userName = DEFAULT_NAME, password, command }: Credentials): boolean {
    const user = this.#users.find(userName)
    if (user?.accepts(password)) {
      client.user = user
      client.authenticated = true
      return true
    }
    this.#note(client, { reason: 'auth', object: command, userName })
    return false
  }

  /** The error for a command that the client's user may not run, which is remembered. */
  refusal(client: AclClient, command: Command, argv: readonly Bytes[]): ReplyError | undefined {
    const denial = this.#denial(client, command, argv)
    if (denial === undefined) return undefined
    return new ReplyError(`NOPERM ${this.#refusalText(client.user.name, denial, command)}`)
  }

  /** {@link refusal} of a command that was permitted when it was queued. */
  refusalInTransaction(
    client: AclClient,
    command: Command,
    argv: readonly Bytes[],
  ): ReplyError | undefined {
    const denial = this.#denial(client, command, argv)
    return denial === undefined ? undefined : new ReplyError(CHANGED_RULES + LOST[denial.reason])
  }

  /** {@link refusal} of a command that a script of the client calls. */
  refusalInScript(
    client: AclClient,
    command: Command,
    argv: readonly Bytes[],
  ): ReplyError | undefined {
    const denial = this.#denial(client, command, argv, 'lua')
    if (denial === undefined) return undefined
    return new ReplyError(`ERR The user executing the script ${DENIED_IN_SCRIPT[denial.reason]}`)
  }

  /** Whether the client's user may run a command. Nobody remembers the question. */
  permits({ user }: AclClient, command: Command, argv: readonly Bytes[]): boolean {
    return user.isUnrestricted || denialOf(user, command, argv) === undefined
  }

  #denial(
    client: AclClient,
    command: Command,
    argv: readonly Bytes[],
    context?: 'lua',
  ): Denial | undefined {
    const denial = denialOf(client.user, command, argv)
    if (denial === undefined) return undefined
    const { reason, position } = denial
    const object = reason === 'command' ? command.fullName : (argv[position] as Bytes)
    this.#note(client, { reason, object, userName: client.user.name }, context)
    return denial
  }

  #note(
    client: AclClient,
    what: Pick<Refusal, 'reason' | 'object' | 'userName'>,
    context: Refusal['context'] = client.transaction.active ? 'multi' : 'toplevel',
  ): void {
    const { clock, settings } = this.#node
    this.denials[what.reason]++
    this.#log.add(
      { ...what, context, client: client.describe() },
      { nowMs: clock.now, limit: settings.logLength },
    )
  }

  /** The client's user may run this command, and may read any key by the same selector. */
  readsEveryKey({ user }: AclClient, argv: readonly Bytes[]): boolean {
    const command = this.#node.commands.resolve(argv)?.command
    if (user.isUnrestricted || command === undefined) return user.isUnrestricted
    return permitsEveryKey(user, { command, argv }, { reads: true, writes: false })
  }

  setUser(name: Bytes, words: readonly Bytes[], caller: ClientPort): void {
    if (hasBlank(name)) {
      throw new ReplyError("ERR Usernames can't contain spaces or null characters")
    }
    const rules = mergeSelectors(words)
    if ('index' in rules) {
      throw new ReplyError(
        `ERR Unmatched parenthesis in acl selector starting at '${upToNul(words[rules.index] as Bytes)}'.`,
      )
    }
    const context = this.#context
    const user = this.#users.find(name)
    const draft = new User(name, context)
    if (user !== undefined) draft.become(user)
    for (const rule of rules) {
      const mistake = mistakeIn(draft, rule, context)
      if (mistake === undefined) continue
      throw new ReplyError(
        `ERR Error in ACL SETUSER modifier '${upToNul(rule)}': ${mistake.message}`,
      )
    }
    const loses = user === undefined ? undefined : channelLoss(user, draft)
    this.#users.put(draft)
    if (loses !== undefined) this.#expel((client) => client.user === user && loses(client), caller)
  }

  deleteUsers(names: readonly Bytes[], caller: ClientPort): number {
    if (names.includes(DEFAULT_NAME)) {
      throw new ReplyError("ERR The 'default' user cannot be removed")
    }
    const gone = new Set(names.flatMap((name) => this.#users.find(name) ?? []))
    for (const user of gone) this.#users.remove(user)
    this.#expel(({ user }) => gone.has(user), caller)
    return gone.size
  }

  #expel(isWanted: (client: AclClient) => boolean, caller: ClientPort): void {
    const { clients } = this.#node
    const expelled = [...clients.all()].filter(isWanted)
    for (const client of expelled) {
      client.user = this.#users.default
      client.authenticated = false
    }
    clients.kill({ ids: expelled.map(({ id }) => id), skipMe: false }, caller)
  }

  dryRun(name: Bytes, argv: readonly Bytes[]): Bytes | undefined {
    const user = this.#users.find(name)
    if (user === undefined) throw new ReplyError(`ERR User '${upToNul(name)}' not found`)
    const command = this.#node.commands.resolve(argv)?.command
    if (command === undefined)
      throw new ReplyError(`ERR Command '${upToNul(argv[0] ?? '')}' not found`)
    if (!arityFits(command, argv)) throw wrongArity(command.fullName)
    const denial = denialOf(user, command, argv)
    if (denial === undefined) return undefined
    const { reason, position } = denial
    if (reason === 'command') return capitalized(this.#refusalText(name, denial, command))
    const object = upToNul(argv[position] as Bytes)
    const who = this.#namesUsers ? `User ${upToNul(name)}` : 'This user'
    return `${who} has no permissions to access the '${object}' ${reason}`
  }

  load(caller: ClientPort): void {
    if (this.#node.settings.file === '') throw noFile
    let gone: User[]
    try {
      gone = this.#loadFile()
    } catch (error) {
      throw error instanceof AclFileError ? new ReplyError(`ERR ${error.message}`) : error
    }
    this.#expel(({ user }) => gone.includes(user), caller)
  }

  /** Returns users that are no more. Throws {@link AclFileError}. */
  #loadFile(): User[] {
    const { file } = this.#node.settings
    const context = this.#context
    return this.#users.replaceAll(parseAclFile(this.#readFile(file), file, context), context)
  }

  #readFile(path: Bytes): Bytes {
    try {
      return this.#node.readFile(path)
    } catch (error) {
      const reason = (error as Error).message
      throw new AclFileError(`Error loading ACLs, opening file '${path}': ${reason}`)
    }
  }

  save(): void {
    const { file } = this.#node.settings
    if (file === '') throw noFile
    const text = this.lines().map((line) => `${line}\n`)
    try {
      this.#node.replaceFile(file, text.join(''))
    } catch (error) {
      this.#node.log('warning', `Opening temp ACL file for ACL SAVE: ${(error as Error).message}`)
      throw new ReplyError(
        'ERR There was an error trying to save the ACLs. Please check the server logs for more information',
      )
    }
  }

  /** Refusals say whom they are about (7.2). */
  get #namesUsers(): boolean {
    return this.#node.commands.version.atLeast('7.2')
  }

  #refusalText(userName: Bytes, { reason }: Denial, { fullName }: Command): string {
    if (reason === 'command') {
      const who = this.#namesUsers ? `User ${upToNul(userName)}` : 'this user'
      return `${who} has no permissions to run the '${fullName}' command`
    }
    return this.#namesUsers
      ? `No permissions to access a ${reason}`
      : `this user has no permissions to access one of the ${reason}s used as arguments`
  }

  logged(count: number): readonly AclLogEntry[] {
    return this.#log.newest(count, this.#node.clock.now)
  }

  clearLog(): void {
    this.#log.clear()
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
