import t from 'tap'
import { describeUser, rulesOf } from '../../lib/acl/description.ts'
import { applyRule, type RuleContext } from '../../lib/acl/rule.ts'
import { digestOf, User } from '../../lib/acl/user.ts'
import { Random } from '../../lib/base/random.ts'
import { Version } from '../../lib/base/version.ts'
import { ACL_CATEGORIES, categoriesOf } from '../../lib/commands/command.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const table = new CommandTable(new Version('7.0'))
const context: RuleContext = { table, allChannels: false, warn: () => {} }

function userOf(rules: readonly string[]): User {
  const user = new User('ann', context)
  for (const rule of rules) applyRule(user, rule, context)
  return user
}

function commandsAfter(...rules: string[]): string {
  return describeUser(userOf(rules)).commands
}

t.test('all facts of a user', async (t) => {
  t.same(
    describeUser(userOf(['on', '>x', '%R~a', '~b', '&c', '+get', '(~* &* +@all)', '(%W~d)'])),
    {
      flags: ['on'],
      passwords: [digestOf('x')],
      commands: '-@all +get',
      keys: '%R~a ~b',
      channels: '&c',
      selectors: [
        { commands: '+@all', keys: '~*', channels: '&*' },
        { commands: '-@all', keys: '%W~d', channels: '' },
      ],
    },
  )
})

t.test('the fewest rules that Redis finds', async (t) => {
  for (const [rules, told] of [
    ['+@all', '+@all'],
    ['+@all -get +get', '+@all'],
    ['+@all -client +client|id', '+@all -client +client|id'],
    ['+client -client|id', '-@all +client -client|id'],
    ['+@string -incr +ping', '-@all +@string +ping -incr'],
    ['+@hash -hget +hget|f', '-@all +@hash -hget +hget|f'],
    ['+@all -select +select|0', '+@all -select +select|0'],
    ['+@all +select|0', '+@all'],
  ] as const) {
    const words = commandsAfter(...rules.split(' ')).split(' ')
    t.same(
      [words[0], ...words.slice(1).sort()],
      [told.split(' ')[0], ...told.split(' ').slice(1).sort()],
      rules,
    )
  }
  for (const category of ACL_CATEGORIES) {
    if (![...table.all()].some(({ command }) => categoriesOf(command).includes(category))) continue
    t.equal(commandsAfter('+@all', `-@${category}`), `+@all -@${category}`)
    t.equal(commandsAfter(`+@${category}`), `-@all +@${category}`)
  }
})

const seed = process.env.SEED ?? String(Date.now())

t.test('what is told makes the same user again', async (t) => {
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const names = [...table.all()].map(({ command }) => command.fullName)
  for (let run = 0; run < 50; run++) {
    const rules = Array.from({ length: random.below(12) }, () => {
      const sign = random.pick(['+', '-'])
      return random.below(2) === 0
        ? `${sign}@${random.pick(['all', ...ACL_CATEGORIES])}`
        : `${sign}${random.pick(names)}`
    })
    const user = userOf(rules)
    const told = describeUser(user).commands
    const again = userOf(told.split(' '))
    for (const { command } of table.all()) {
      if (user.root.commands.has(command) === again.root.commands.has(command)) continue
      t.fail(`${command.fullName} differs`, { rules, told, seed })
      return
    }
    t.equal(rulesOf(again), rulesOf(user), rules.join(' '))
  }
})
