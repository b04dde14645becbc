import t from 'tap'
import { type DeclarationError, declareUsers } from '../../lib/acl/declaration.ts'
import { UserDirectory } from '../../lib/acl/directory.ts'
import { Version } from '../../lib/base/version.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const context = { table: new CommandTable(new Version('7.0')), allChannels: false, warn: () => {} }

function declare(...lines: string[]): string[] {
  const directory = new UserDirectory(context)
  declareUsers(
    directory,
    lines.map((line) => line.split(' ')),
    context,
  )
  return directory.lines()
}

t.test('users of redis.conf', async (t) => {
  t.same(declare('ann on nopass ~a +get', 'ben (+get ~x) ( ~a +@all )'), [
    'user ann on nopass ~a resetchannels -@all +get',
    'user ben off resetchannels -@all (~x resetchannels -@all +get) (~a resetchannels +@all)',
    'user default on nopass ~* &* +@all',
  ])
  t.same(
    declare('default on nopass ~* +@all'),
    ['user default on nopass sanitize-payload ~* resetchannels +@all'],
    'the default user begins anew',
  )
})

t.test('lines that are wrong', async (t) => {
  const declaring = (culprit: string, reason: string) =>
    `Error in user declaration '${culprit}': ${reason}`
  for (const [lines, message, line] of [
    // The word two before the wrong one, as Redis has it.
    [['a on foo +nosuch'], declaring('a', 'Syntax error'), 0],
    [
      ['a on', 'b <pw'],
      declaring('user', 'The password you are trying to remove from the user does not exist'),
      1,
    ],
    [['a (on'], declaring('user', 'Unknown command or category name in ACL'), 0],
    [['a on (+get ~x) (~a'], declaring('(+get', 'Unknown command or category name in ACL'), 0],
    [
      ['a on', 'a off'],
      declaring('a', 'Duplicate user found. A user can only be defined once in config files'),
      1,
    ],
    [
      ['a on +nosuch >b'],
      "Error loading ACL rule '+nosuch' for the user named 'a': Unknown command or category name in ACL",
      undefined,
    ],
    [['a (+nosuch)'], /^Error loading ACL rule '\(\+nosuch\)' for the user named 'a'/, undefined],
    [['a\tb on'], 'Spaces not allowed in ACL usernames', undefined],
  ] as const) {
    try {
      declare(...lines)
      t.fail(`${lines.join(', ')} is refused`)
    } catch (error) {
      t.match((error as Error).message, message, lines.join(', '))
      t.equal((error as DeclarationError).line, line)
    }
  }
})
