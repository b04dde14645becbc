import t from 'tap'
import { denialOf, permitsEveryKey } from '../../lib/acl/permission.ts'
import { applyRule, type RuleContext } from '../../lib/acl/rule.ts'
import { User } from '../../lib/acl/user.ts'
import { Version } from '../../lib/base/version.ts'
import type { Command } from '../../lib/commands/command.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const table = new CommandTable(new Version('7.0'))
const context: RuleContext = { table, allChannels: false, warn: () => {} }

/** Denial of a line for a user of these rules: reason and word, or nothing. */
function denied(rules: readonly string[], line: string): string {
  const user = new User('ann', context)
  for (const rule of rules) applyRule(user, rule, context)
  const argv = line.split(' ')
  const command = table.resolve(argv)?.command
  if (command === undefined) throw new Error(`no command: ${line}`)
  const denial = denialOf(user, command, argv)
  return denial === undefined ? '' : `${denial.reason} ${argv[denial.position]}`
}

t.test('commands, keys, channels, in this order', async (t) => {
  for (const [rules, line, expected] of [
    [[], 'GET a', 'command GET'],
    [[], 'AUTH a', ''],
    [[], 'HELLO', ''],
    [['+get'], 'GET a', 'key a'],
    [['+get', '~a'], 'GET a', ''],
    [['+ping'], 'PING', ''],
    [['+mget', '~a*'], 'MGET a1 a2 b c', 'key b'],
    [['+set', '%W~a'], 'SET a 1', ''],
    [['+set', '%W~a'], 'SET a 1 GET', 'key a'],
    [['+copy', '%R~a', '%W~b'], 'COPY a b', ''],
    [['+copy', '%R~a', '%W~b'], 'COPY b a', 'key b'],
    [['+exists', '%W~a'], 'EXISTS a', ''],
    [['+publish'], 'PUBLISH c m', 'channel c'],
    [['+publish', '&c'], 'PUBLISH c m', ''],
    [['+spublish', '&c'], 'SPUBLISH d m', 'channel d'],
    [['+subscribe', '&a*'], 'SUBSCRIBE a1 b', 'channel b'],
    [['+psubscribe', '&a*'], 'PSUBSCRIBE a*', ''],
    [['+psubscribe', '&a*'], 'PSUBSCRIBE ab', 'channel ab'],
    [['+unsubscribe'], 'UNSUBSCRIBE x', ''],
    [['+ssubscribe', '&a*'], 'SSUBSCRIBE b', 'channel b'],
    [['+select|0'], 'SELECT 0', ''],
    [['+select|0'], 'SELECT 1', 'command SELECT'],
    [['+config|get'], 'CONFIG GET x', ''],
    [['+config|get'], 'CONFIG SET x y', 'command CONFIG'],
    [['+sintercard'], 'SINTERCARD x b', ''],
  ] as const) {
    t.equal(denied(rules, line), expected, `${rules.join(' ')}: ${line}`)
  }
})

t.test('one selector has to permit all of it', async (t) => {
  const rules = ['(+@all %R~r*)', '(+@all %W~w*)']
  t.equal(denied(rules, 'GET r'), '')
  t.equal(denied(rules, 'LPUSH w 1'), '')
  t.equal(denied(rules, 'COPY r w'), 'key w')
  t.equal(denied(rules, 'COPY w r'), 'key w')
})

t.test('the refusal is that of the selector that came the furthest', async (t) => {
  const rules = ['+mget', '~key', '(+mget ~key ~other)']
  t.equal(denied(rules, 'GET key'), 'command GET')
  t.equal(denied(rules, 'MGET other third'), 'key third')
  t.equal(denied(rules, 'MGET key other third'), 'key third')
  t.equal(denied(['+get', '(+publish ~x)'], 'PUBLISH c m'), 'channel c')
})

t.test('every key by a selector that permits the command', async (t) => {
  const reads = { reads: true, writes: false }
  const argv = ['SORT', 'l', 'BY', 'x*']
  const command = table.resolve(argv)?.command as Command
  for (const [rules, expected] of [
    [['+sort', '~l'], false],
    [['+sort', '~l', '%W~*'], false],
    [['+sort', '~l', '%R~*'], true],
    [['+sort', '~*'], true],
    [['+get', '~*'], false],
    [['+sort', '~l', '(+get ~*)'], false],
    [['+get', '(+sort ~l %R~*)'], true],
  ] as const) {
    const user = new User('ann', context)
    for (const rule of rules) applyRule(user, rule, context)
    t.equal(permitsEveryKey(user, { command, argv }, reads), expected, rules.join(' '))
  }
})
