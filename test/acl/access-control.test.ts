/** Access control over a node made of plain objects; what clients see of it over the wire is in test/node/access.test.ts. */
import t from 'tap'
import { AccessControl, type AclClient, type AclStart } from '../../lib/acl/access-control.ts'
import { digestOf } from '../../lib/acl/user.ts'
import { Version } from '../../lib/base/version.ts'
import type { Command } from '../../lib/commands/command.ts'
import type { ClientFilter, ClientPort } from '../../lib/commands/context.ts'
import { CommandTable } from '../../lib/commands/table.ts'

class World {
  readonly commands: CommandTable
  readonly clock = { now: 1000, microseconds: 0 }
  readonly settings = { allChannels: false, logLength: 128, file: '' }
  readonly files = new Map<string, string>()
  readonly connected: AclClient[] = []
  readonly killed: ClientFilter[] = []
  readonly logs: string[] = []
  readonly clients = {
    all: () => this.connected,
    kill: (filter: ClientFilter) => this.killed.push(filter),
  }
  acl!: AccessControl

  constructor(version = '7.0') {
    this.commands = new CommandTable(new Version(version))
  }

  start(start: Partial<AclStart> = {}): this {
    this.acl = new AccessControl(this, { password: '', declarations: [], ...start })
    return this
  }

  readFile(path: string): string {
    const text = this.files.get(path)
    if (text === undefined) throw new Error('No such file or directory')
    return text
  }

  replaceFile(path: string, text: string): void {
    if (path === 'locked') throw new Error('Permission denied')
    this.files.set(path, text)
  }

  log(level: string, text: string): void {
    this.logs.push(`${level}: ${text}`)
  }

  connect(): AclClient & ClientPort {
    const client = {
      id: this.connected.length + 1,
      user: this.acl.defaultUser,
      authenticated: !this.acl.loginRequired,
      transaction: { active: false },
      pubsub: { ownNames: () => [] as string[] },
      describe: () => `id=${client.id}`,
    }
    this.connected.push(client)
    return client as unknown as AclClient & ClientPort
  }

  command(name: string): Command {
    return this.commands.lookUp(name)?.command as Command
  }
}

t.test('who there is at the start', async (t) => {
  const open = new World().start()
  t.notOk(open.acl.loginRequired)
  t.ok(open.acl.defaultNeedsNoPassword)
  const closed = new World().start({ password: 'secret' })
  t.ok(closed.acl.loginRequired)
  t.notOk(closed.acl.defaultNeedsNoPassword)
  t.same(closed.acl.lines(), [`user default on #${digestOf('secret')} ~* &* +@all`])
  const declared = new World().start({
    password: 'secret',
    declarations: [['ann'], ['default', 'off', 'nopass']],
  })
  t.same(declared.acl.userNames, ['ann', 'default'])
  t.ok(declared.acl.loginRequired, 'it is off')
  t.ok(declared.acl.defaultNeedsNoPassword, 'though it needs no password')
  t.same(declared.logs, [
    "notice: The user 'ann' is disabled (there is no 'on' modifier in the user description). Make sure this is not a configuration error.",
    "notice: The user 'default' is disabled (there is no 'on' modifier in the user description). Make sure this is not a configuration error.",
  ])
  t.throws(() => new World().start({ declarations: [['ann', 'foo']] }), {
    name: 'DeclarationError',
  })
})

t.test('an ACL file at the start', async (t) => {
  const world = new World()
  world.settings.file = 'users.acl'
  t.throws(() => world.start(), {
    name: 'AclFileError',
    message: "Error loading ACLs, opening file 'users.acl': No such file or directory",
  })
  world.files.set('users.acl', 'user ann on\n')
  t.same(world.start().acl.userNames, ['ann', 'default'])
  t.throws(() => world.start({ declarations: [['ben']] }), {
    name: 'DeclarationError',
    message:
      /^Configuring Redis with users defined in redis.conf and at the same setting an ACL file/,
  })
  world.files.set('users.acl', 'user ann foo')
  t.throws(() => world.start(), { name: 'AclFileError', message: /^users.acl:1: Syntax error\./ })
})

t.test('logging in, and what is remembered when it fails', async (t) => {
  const world = new World().start({ declarations: [['ann', 'on', '>pw']] })
  const client = world.connect()
  t.ok(world.acl.logIn(client, { userName: 'ann', password: 'pw', command: 'AUTH' }))
  t.equal(client.user.name, 'ann')
  t.ok(client.authenticated)
  t.notOk(world.acl.logIn(client, { userName: 'ann', password: 'x', command: 'AUTH' }))
  t.notOk(world.acl.logIn(client, { userName: 'ben', password: 'x', command: 'hello' }))
  t.equal(client.user.name, 'ann', 'it stays who it is')
  t.ok(world.acl.logIn(client, { password: 'anything', command: 'AUTH' }))
  t.equal(client.user, world.acl.defaultUser)
  world.acl.setDefaultPassword('secret')
  t.notOk(world.acl.logIn(client, { password: 'anything', command: 'AUTH' }))
  world.acl.setDefaultPassword('')
  t.ok(world.acl.logIn(client, { password: 'anything', command: 'AUTH' }))
  t.match(world.acl.logged(10), [
    { reason: 'auth', object: 'AUTH', userName: 'default', client: 'id=1', count: 1 },
    { reason: 'auth', object: 'hello', userName: 'ben' },
    { reason: 'auth', object: 'AUTH', userName: 'ann', context: 'toplevel' },
  ])
  world.acl.clearLog()
  t.same(world.acl.logged(10), [])
})

t.test('refusals', async (t) => {
  const world = new World().start({
    declarations: [['ann', 'on', 'nopass', '+get', '~a', '+publish']],
  })
  const client = world.connect()
  world.acl.logIn(client, { userName: 'ann', password: '', command: 'AUTH' })
  for (const [name, argv, now, inTransaction] of [
    [
      'set',
      ['SET', 'a', '1'],
      "NOPERM this user has no permissions to run the 'set' command",
      'no permission to execute the command or subcommand',
    ],
    [
      'get',
      ['GET', 'b'],
      'NOPERM this user has no permissions to access one of the keys used as arguments',
      'no permission to touch the specified keys',
    ],
    [
      'publish',
      ['PUBLISH', 'c', 'd'],
      'NOPERM this user has no permissions to access one of the channels used as arguments',
      'no permission to access one of the channels used as arguments',
    ],
  ] as const) {
    t.equal(world.acl.refusal(client, world.command(name), argv)?.message, now)
    t.equal(
      world.acl.refusalInTransaction(client, world.command(name), argv)?.message,
      `NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: ${inTransaction}`,
    )
  }
  t.equal(world.acl.refusal(client, world.command('get'), ['GET', 'a']), undefined)
  t.equal(world.acl.refusalInTransaction(client, world.command('get'), ['GET', 'a']), undefined)
  t.same(
    world.acl.logged(10).map(({ reason, object, count }) => [reason, object, count]),
    [
      ['channel', 'c', 2],
      ['key', 'b', 2],
      ['command', 'set', 2],
    ],
  )
  t.notOk(world.acl.readsEveryKey(client, ['GET', 'a']))
  t.ok(world.acl.readsEveryKey(world.connect(), ['GET', 'a']))
})

t.test('dry runs', async (t) => {
  const world = new World().start({ declarations: [['ann', '+get', '~a', '+publish']] })
  const { acl } = world
  t.equal(acl.dryRun('ann', ['get', 'a']), undefined)
  t.equal(acl.dryRun('ann', ['get', 'b']), "This user has no permissions to access the 'b' key")
  t.equal(
    acl.dryRun('ann', ['publish', 'b', 'c']),
    "This user has no permissions to access the 'b' channel",
  )
  t.equal(
    acl.dryRun('ann', ['config', 'get', 'b']),
    "This user has no permissions to run the 'config|get' command",
  )
  t.throws(() => acl.dryRun('ben', ['get', 'a']), { message: "ERR User 'ben' not found" })
  t.throws(() => acl.dryRun('ann', ['Nosuch']), { message: "ERR Command 'Nosuch' not found" })
  t.throws(() => acl.dryRun('ann', ['get']), {
    message: "ERR wrong number of arguments for 'get' command",
  })
  t.same(acl.logged(10), [], 'nobody was refused anything')
})

t.test('a wrong rule changes nothing', async (t) => {
  const world = new World().start()
  const caller = world.connect()
  const { acl } = world
  for (const [name, rules, message] of [
    ['a b', [], "ERR Usernames can't contain spaces or null characters"],
    ['a\0', [], "ERR Usernames can't contain spaces or null characters"],
    ['ann', ['on', '(a', 'b'], "ERR Unmatched parenthesis in acl selector starting at '(a'."],
    ['ann', ['on', '(a', 'b)'], "ERR Error in ACL SETUSER modifier '(a b)': Syntax error"],
    ['default', ['off', 'foo'], "ERR Error in ACL SETUSER modifier 'foo': Syntax error"],
  ] as const) {
    t.throws(() => acl.setUser(name, rules, caller), { name: 'ReplyError', message })
  }
  t.same(acl.lines(), ['user default on nopass ~* &* +@all'])
})

t.test('who loses a channel, or its user, is sent away as nobody', async (t) => {
  const world = new World().start({
    declarations: [
      ['ann', 'on', 'nopass', '&a'],
      ['ben', 'on', 'nopass', '&a'],
    ],
  })
  const [listener, idle, other] = [world.connect(), world.connect(), world.connect()]
  for (const client of [listener, idle])
    world.acl.logIn(client, { userName: 'ann', password: '', command: 'AUTH' })
  world.acl.logIn(other, { userName: 'ben', password: '', command: 'AUTH' })
  for (const client of [listener, other]) {
    client.pubsub.ownNames = (kind) => (kind === 'channel' ? ['a'] : [])
  }
  world.acl.setUser('ann', ['resetchannels', '&b'], other)
  t.same(world.killed, [{ ids: [1], skipMe: false }])
  t.equal(listener.user, world.acl.defaultUser)
  t.notOk(listener.authenticated)
  t.equal(idle.user.name, 'ann')
  t.equal(world.acl.deleteUsers(['ann', 'ann', 'nobody', 'ben'], other), 2)
  t.same(world.killed.at(-1), { ids: [2, 3], skipMe: false })
  t.throws(() => world.acl.deleteUsers(['ann', 'default'], other), {
    message: "ERR The 'default' user cannot be removed",
  })
})

t.test('LOAD and SAVE', async (t) => {
  const world = new World().start()
  const caller = world.connect()
  for (const verb of [() => world.acl.save(), () => world.acl.load(caller)]) {
    t.throws(verb, { message: /^ERR This Redis instance is not configured to use an ACL file\./ })
  }
  world.settings.file = 'users.acl'
  world.acl.setUser('ann', ['on', 'nopass', '+get'], caller)
  world.acl.save()
  t.equal(
    world.files.get('users.acl'),
    'user ann on nopass resetchannels -@all +get\nuser default on nopass ~* &* +@all\n',
  )
  world.acl.logIn(caller, { userName: 'ann', password: '', command: 'AUTH' })
  world.acl.setUser('ben', [], caller)
  world.acl.load(caller)
  t.same(world.acl.userNames, ['ann', 'default'])
  t.same(world.killed, [{ ids: [1], skipMe: false }])
  world.files.set('users.acl', 'foo')
  t.throws(() => world.acl.load(caller), {
    message: /^ERR users.acl:1 should start with user keyword/,
  })
  world.files.clear()
  t.throws(() => world.acl.load(caller), {
    message: /^ERR Error loading ACLs, opening file 'users.acl': No such file/,
  })
  t.same(world.acl.userNames, ['ann', 'default'])
  world.settings.file = 'locked'
  t.throws(() => world.acl.save(), { message: /^ERR There was an error trying to save the ACLs\./ })
  t.same(world.logs.at(-1), 'warning: Opening temp ACL file for ACL SAVE: Permission denied')
})

t.test('from 7.2 on refusals say whom they are about', async (t) => {
  const ann = ['ann', 'on', 'nopass', '+get', '+publish', '~a', '&c']
  const world = new World('7.2').start({ declarations: [ann] })
  const client = world.connect()
  const { acl } = world
  acl.logIn(client, { userName: 'ann', password: '', command: 'AUTH' })
  const refused = (name: string, ...words: string[]) =>
    acl.refusal(client, world.command(name), [name, ...words])?.message
  t.equal(refused('set', 'a', '1'), "NOPERM User ann has no permissions to run the 'set' command")
  t.equal(refused('get', 'b'), 'NOPERM No permissions to access a key')
  t.equal(refused('publish', 'd', 'x'), 'NOPERM No permissions to access a channel')
  t.equal(
    acl.dryRun('ann', ['set', 'a', '1']),
    "User ann has no permissions to run the 'set' command",
  )
  t.equal(acl.dryRun('ann', ['get', 'b']), "User ann has no permissions to access the 'b' key")
})
