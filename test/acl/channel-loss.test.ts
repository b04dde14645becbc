import t from 'tap'
import { channelLoss } from '../../lib/acl/channel-loss.ts'
import { applyRule, type RuleContext } from '../../lib/acl/rule.ts'
import { User } from '../../lib/acl/user.ts'
import { Version } from '../../lib/base/version.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const context: RuleContext = {
  table: new CommandTable(new Version('7.0')),
  allChannels: false,
  warn: () => {},
}

function user(rules: string): User {
  const made = new User('ann', context)
  for (const rule of rules.split(' ')) applyRule(made, rule, context)
  return made
}

/** Whether a client with these subscriptions loses one of them; undefined when nobody can. */
function loses(
  before: string,
  after: string,
  names: { channel?: string[]; pattern?: string[]; shard?: string[] },
): boolean | undefined {
  const loss = channelLoss(user(before), user(after))
  return loss?.({ pubsub: { ownNames: (kind) => names[kind] ?? [] } })
}

t.test('who keeps all channels is not looked at', async (t) => {
  t.equal(channelLoss(user('&a'), user('&*')), undefined)
  t.equal(channelLoss(user('&*'), user('&*')), undefined)
  t.equal(channelLoss(user('&a &b'), user('&c &b &a')), undefined)
  t.equal(channelLoss(user('&a'), user('+get (&*)')), undefined)
  t.equal(channelLoss(user('&a'), user('+get (&a)')), undefined, 'whichever selector has it')
})

t.test('who loses a channel', async (t) => {
  t.equal(loses('&a', 'off', { channel: ['a'] }), true)
  t.equal(loses('&a', 'off', { shard: ['a'] }), true)
  t.equal(loses('&a', 'off', { pattern: ['a'] }), true)
  t.equal(loses('&a', 'off', {}), false)
  t.equal(loses('&*', '&a*', { channel: ['a1'], shard: ['a2'], pattern: ['a*'] }), false)
  t.equal(loses('&*', '&a*', { channel: ['a1', 'b'] }), true)
  t.equal(loses('&*', '&a*', { pattern: ['a1'] }), true, 'a pattern has to be the same')
})
