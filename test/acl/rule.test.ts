import t from 'tap'
import { rulesOf } from '../../lib/acl/description.ts'
import { applyRule, mergeSelectors, mistakeIn, type RuleContext } from '../../lib/acl/rule.ts'
import { digestOf, User } from '../../lib/acl/user.ts'
import { Version } from '../../lib/base/version.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const warnings: string[] = []
const context: RuleContext = {
  table: new CommandTable(new Version('7.0')),
  allChannels: false,
  warn: (text) => warnings.push(text),
}

/** The rules of a user after these. */
function after(...rules: string[]): string {
  const user = new User('ann', context)
  for (const rule of rules) applyRule(user, rule, context)
  return rulesOf(user)
}

t.test('rules and what they make', async (t) => {
  for (const [rules, made] of [
    [[], 'off resetchannels -@all'],
    [['on', 'NOPASS'], 'on nopass resetchannels -@all'],
    [['>x', '>x'], `off #${digestOf('x')} resetchannels -@all`],
    [['>x', '>y', '<x'], `off #${digestOf('y')} resetchannels -@all`],
    [[`#${digestOf('x')}`, `!${digestOf('x')}`], 'off resetchannels -@all'],
    [['>'], `off #${digestOf('')} resetchannels -@all`],
    [['~a', '%R~b', '%w~c', '%RW~d', '%WR~e'], 'off ~a %R~b %W~c ~d ~e resetchannels -@all'],
    [['%R'], 'off %R~ resetchannels -@all'],
    [['allkeys', '&a', '&b'], 'off ~* resetchannels &a &b -@all'],
    [['~a', '~*'], 'off ~* resetchannels -@all'],
    [['allkeys', 'resetkeys', '~a'], 'off ~a resetchannels -@all'],
    [['&*', 'resetchannels', '&a'], 'off resetchannels &a -@all'],
    [['+GET', '+Config|Get', '-get'], 'off resetchannels -@all +config|get'],
    [['+@all', '-@Hash'], 'off resetchannels +@all -@hash'],
    [['allcommands', 'nocommands'], 'off resetchannels -@all'],
    [
      ['(+get ~a)', '( )'],
      'off resetchannels -@all (~a resetchannels -@all +get) (resetchannels -@all)',
    ],
    [['()', 'clearselectors'], 'off resetchannels -@all'],
    [['on', '>x', '~a', '&b', '+get', '()', 'reset'], 'off sanitize-payload resetchannels -@all'],
    [['skip-sanitize-payload'], 'off skip-sanitize-payload resetchannels -@all'],
    [['', '\0anything'], 'off resetchannels -@all'],
    [['on\0x', 'allkeys\0', '+get\0|x', '-@string\0'], 'on ~* resetchannels -@all'],
    [['(+get\0 ~x)'], 'off resetchannels -@all (resetchannels -@all +get)'],
  ] as const) {
    t.equal(after(...rules), made, rules.join(' '))
  }
})

const SYNTAX = 'Syntax error'
const UNKNOWN = 'Unknown command or category name in ACL'

t.test('rules that are wrong', async (t) => {
  for (const [rule, reason, before = []] of [
    ['nonsense', SYNTAX],
    ['constructor', SYNTAX],
    ['%', SYNTAX],
    ['%~a', SYNTAX],
    ['%RR~a', SYNTAX],
    ['%Ra', SYNTAX],
    ['~a b', SYNTAX],
    ['&a\tb', SYNTAX],
    ['~a\0', SYNTAX],
    ['(+get', SYNTAX],
    ['(on)', SYNTAX],
    ['(())', SYNTAX],
    ['+get|', SYNTAX],
    ['+nosuch', UNKNOWN],
    ['-get|x', UNKNOWN],
    ['+config|nosuch', UNKNOWN],
    ['+get|a|b', UNKNOWN],
    ['+@nosuch', UNKNOWN],
    ['+config|get|x', 'Allowing first-arg of a subcommand is not supported'],
    ['<x', 'The password you are trying to remove from the user does not exist'],
    [`!${digestOf('x')}`, 'The password you are trying to remove from the user does not exist'],
    ['#abc', /^The password hash must be exactly 64 characters/],
    [`#${digestOf('x').toUpperCase()}`, /^The password hash must be exactly 64 characters/],
    ['~a', /'allkeys' flag\) is not valid/, ['~*']],
    ['%R~a', /'allkeys' flag\) is not valid/, ['allkeys']],
    ['&a', /'allchannels' flag\) is not valid/, ['&*']],
  ] as const) {
    const user = new User('ann', context)
    for (const one of before) applyRule(user, one, context)
    const unchanged = rulesOf(user)
    const mistake = mistakeIn(user, rule, context)
    t.match(mistake?.message, reason, rule)
    t.equal(mistake?.isUnknownName, reason === UNKNOWN, `${rule}: whether its name is unknown`)
    t.equal(rulesOf(user), unchanged, 'and changes nothing')
  }
})

t.test('a first argument works, with a warning', async (t) => {
  warnings.length = 0
  t.equal(after('+select|0', '+SELECT|0'), 'off resetchannels -@all +select|0')
  t.match(warnings, [
    /^Deprecation warning: Allowing a first arg .*\(offender: \+select\|0\)$/,
    /\(offender: \+SELECT\|0\)$/,
  ])
})

t.test('acl-pubsub-default', async (t) => {
  const open = { ...context, allChannels: true }
  const user = new User('ann', open)
  applyRule(user, '(+get)', open)
  t.equal(rulesOf(user), 'off &* -@all (&* -@all +get)')
  applyRule(user, 'resetchannels', open)
  applyRule(user, 'reset', open)
  t.equal(rulesOf(user), 'off sanitize-payload &* -@all')
})

t.test('words of a selector come together', async (t) => {
  for (const [words, merged] of [
    [
      ['a', '(b', 'c)', 'd'],
      ['a', '(b c)', 'd'],
    ],
    [
      ['(a)', '(', 'b', ')'],
      ['(a)', '( b )'],
    ],
    [['(a', '(b', 'c)'], ['(b c)']],
    [
      ['(a', '(b)', 'c'],
      ['(a (b)', 'c'],
    ],
    [
      ['a)', ''],
      ['a)', ''],
    ],
  ] as const) {
    t.same(mergeSelectors(words), merged)
  }
  t.same(mergeSelectors(['a', '(b', 'c']), { index: 1 })
  t.same(mergeSelectors(['(', 'b) ']), { index: 0 })
  t.same(mergeSelectors(['(', 'b', '(c', 'd']), { index: 2 })
})
