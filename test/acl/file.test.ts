import t from 'tap'
import { rulesOf } from '../../lib/acl/description.ts'
import { parseAclFile } from '../../lib/acl/file.ts'
import { Version } from '../../lib/base/version.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const context = { table: new CommandTable(new Version('7.0')), allChannels: false, warn: () => {} }

function users(text: string): Record<string, string> {
  return Object.fromEntries(
    [...parseAclFile(text, 'users.acl', context)].map(([name, user]) => [name, rulesOf(user)]),
  )
}

t.test('a user a line', async (t) => {
  t.same(
    users('user ann on nopass ~* &* +@all\n\n  \r\n\tuser ben  (+get ~a*)   ( %W~b ) \nuser cat'),
    {
      ann: 'on nopass ~* &* +@all',
      ben: 'off resetchannels -@all (~a* resetchannels -@all +get) (%W~b resetchannels -@all)',
      cat: 'off resetchannels -@all',
    },
  )
  t.same(users(''), {})
})

t.test('all mistakes are told at once, and one of a line but for names', async (t) => {
  const text = [
    'user alice on +nosuch >a',
    'user bob (a',
    'user b(ob foo ~* ~a',
    '',
    'foo bar',
    'user "x y" on',
    'user',
    'user alice on',
    'user d +nosuch -nosuch foo bar',
    '# comment',
    'user a\tb on',
  ]
  t.throws(() => users(text.join('\n')), {
    name: 'AclFileError',
    message:
      "users.acl:1: Error in applying operation '+nosuch': Unknown command or category name in ACL. " +
      'users.acl:2: Unmatched parenthesis in selector definition.' +
      'users.acl:3: Syntax error. ' +
      'users.acl:5 should start with user keyword followed by the username. ' +
      'users.acl:6: Syntax error. ' +
      'users.acl:7 should start with user keyword followed by the username. ' +
      "WARNING: Duplicate user 'alice' found on line 8. " +
      "users.acl:9: Error in applying operation '+nosuch': Unknown command or category name in ACL. " +
      "users.acl:9: Error in applying operation '-nosuch': Unknown command or category name in ACL. " +
      'users.acl:9: Syntax error. ' +
      'users.acl:10 should start with user keyword followed by the username. ' +
      "'users.acl:11: username 'a\tb' contains invalid characters. " +
      'WARNING: ACL errors detected, no change to the previously active ACL rules was performed',
  })
})
