import t from 'tap'
import type { PersistencePort } from '../../lib/commands/context.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('what is asked of the node', async (t) => {
  const asked: string[] = []
  const persistence = {
    lastSaveSeconds: 7,
    save: () => asked.push('save'),
    saveInBackground: () => asked.push('saveInBackground'),
  } as unknown as PersistencePort
  expectReplies(t, new CommandRunner({ ports: { persistence } }), [
    ['SAVE', '+OK|'],
    ['BGSAVE', '+Background saving started|'],
    ['BGSAVE schedule', '+Background saving started|'],
    ['BGSAVE now', '-ERR syntax error|'],
    ['BGSAVE SCHEDULE x', '-ERR syntax error|'],
    ['LASTSAVE', ':7|'],
    ['SAVE x', "-ERR wrong number of arguments for 'save' command|"],
  ])
  t.same(asked, ['save', 'saveInBackground', 'saveInBackground'])
})
