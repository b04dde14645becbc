import t from 'tap'
import { UserDirectory, unlimited } from '../../lib/acl/directory.ts'
import { digestOf, User } from '../../lib/acl/user.ts'
import { Version } from '../../lib/base/version.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const defaults = { table: new CommandTable(new Version('7.0')), allChannels: false }

function draft(name: string): User {
  const user = new User(name, defaults)
  user.addPassword(digestOf(name))
  return user
}

t.test('a directory begins with a user who may do everything', async (t) => {
  const directory = new UserDirectory(defaults)
  t.same(directory.lines(), ['user default on nopass ~* &* +@all'])
  t.ok(directory.default.isUnrestricted)
  t.equal(directory.find('default'), directory.default)
})

t.test('users are put, changed in place, listed by name as bytes, and removed', async (t) => {
  const directory = new UserDirectory(defaults)
  for (const name of ['b', 'a', '\xff', 'B', '']) directory.put(draft(name))
  t.same(
    directory.all.map(({ name }) => name),
    ['', 'B', 'a', 'b', 'default', '\xff'],
  )
  const user = directory.find('a') as User
  const change = draft('a')
  change.enable(true)
  t.equal(directory.put(change), user, 'sessions may hold on to it')
  t.ok(user.isEnabled)
  directory.remove(user)
  t.equal(directory.find('a'), undefined)
})

t.test('others in place of all', async (t) => {
  const directory = new UserDirectory(defaults)
  const before = directory.default
  const old = directory.put(draft('a'))
  directory.put(draft('b'))
  const gone = directory.replaceAll(new Map([['a', draft('a')]]), defaults)
  t.same(
    gone.map(({ name }) => name),
    ['a', 'b'],
  )
  t.not(directory.find('a'), old, 'of the same name, but another')
  t.equal(directory.default, before)
  directory.replaceAll(new Map([['default', draft('default')]]), defaults)
  t.equal(directory.default, before)
  t.notOk(before.isUnrestricted)
  t.same(
    directory.all.map(({ name }) => name),
    ['default'],
  )
  directory.replaceAll(new Map(), defaults)
  t.ok(before.isUnrestricted, 'not named, it is as at first')
})

t.test('somebody without limits', async (t) => {
  const user = unlimited('(superuser)', defaults)
  t.ok(user.isUnrestricted && user.isOpen)
})
