import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { type CommandEntry, CommandTable } from '../../lib/commands/table.ts'
import { withoutSecrets } from '../../lib/node/secret.ts'

const table = new CommandTable(new Version('7.0'))

function shown(line: string): string {
  const argv = line.split(' ')
  const { command } = table.resolve(argv) as CommandEntry
  return withoutSecrets(command, argv).join(' ').replaceAll('(redacted)', '*')
}

t.test('passwords and the names they belong to', async (t) => {
  for (const [line, expected] of [
    ['AUTH a', 'AUTH *'],
    ['AUTH a b', 'AUTH * *'],
    ['AUTH a b c', 'AUTH a b c'],
    ['HELLO 3 AUTH a b SETNAME x', 'HELLO 3 AUTH * * SETNAME x'],
    ['HELLO 3 AUTH a', 'HELLO 3 AUTH a'],
    ['MIGRATE h 1 k 0 10 auth p KEYS a', 'MIGRATE h 1 k 0 10 auth * KEYS a'],
    ['MIGRATE h 1 k 0 10 AUTH2 u p', 'MIGRATE h 1 k 0 10 AUTH2 * *'],
    ['MIGRATE h 1 k 0 10 AUTH2 u', 'MIGRATE h 1 k 0 10 AUTH2 u'],
    ['CONFIG SET MasterAuth a hz 10 masteruser b', 'CONFIG SET MasterAuth * hz 10 masteruser *'],
    ['CONFIG SET requirepass requirepass', 'CONFIG SET requirepass *'],
    ['CONFIG SET hz 10 masterauth', 'CONFIG SET hz 10 masterauth'],
    ['SET auth masterauth', 'SET auth masterauth'],
  ] as const) {
    t.equal(shown(line), expected)
  }
})
