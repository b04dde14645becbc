import t from 'tap'
import { digestOf, User } from '../../lib/acl/user.ts'
import { Version } from '../../lib/base/version.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const table = new CommandTable(new Version('7.0'))

function user(): User {
  return new User('ann', { table, allChannels: false })
}

t.test('logging in', async (t) => {
  const ann = user()
  ann.addPassword(digestOf('one'))
  t.notOk(ann.accepts('one'), 'a new user is off')
  ann.enable(true)
  t.ok(ann.accepts('one'))
  t.notOk(ann.accepts('two'))
  t.notOk(ann.accepts(digestOf('one')))
  t.notOk(ann.isOpen)
  ann.addPassword(digestOf('two'))
  ann.addPassword(digestOf('two'))
  t.same(ann.passwords, [digestOf('one'), digestOf('two')])
  t.ok(ann.accepts('two'))
  t.ok(ann.removePassword(digestOf('one')))
  t.notOk(ann.removePassword(digestOf('one')))
  t.notOk(ann.accepts('one'))
  ann.resetPasswords(true)
  t.ok(ann.accepts('anything'))
  t.ok(ann.isOpen)
  ann.enable(false)
  t.notOk(ann.isOpen)
  ann.enable(true)
  ann.addPassword(digestOf('three'))
  t.notOk(ann.accepts('anything'), 'a password ends that any will do')
  ann.resetPasswords(false)
  t.notOk(ann.accepts('three'))
})

t.test('becoming another keeps the name, and nothing in common', async (t) => {
  const draft = new User('draft', { table, allChannels: true })
  draft.enable(true)
  draft.addPassword(digestOf('x'))
  draft.setPayloadRule('skip-sanitize-payload')
  draft.root.resetKeys(true)
  draft.root.commands.allowAll()
  const ann = user()
  ann.become(draft)
  t.equal(ann.name, 'ann')
  t.ok(ann.accepts('x'))
  t.equal(ann.payloadRule, 'skip-sanitize-payload')
  t.ok(ann.isUnrestricted)
  draft.root.resetKeys(false)
  draft.resetPasswords(false)
  t.ok(ann.root.allKeys)
  t.ok(ann.accepts('x'))
  ann.become(draft)
  t.notOk(ann.isUnrestricted)
})

t.test('selectors beside the root', async (t) => {
  const ann = user()
  const other = user().root
  ann.addSelector(other)
  t.same([...ann.selectors], [ann.root, other])
  ann.clearSelectors()
  t.same([...ann.selectors], [ann.root])
})
