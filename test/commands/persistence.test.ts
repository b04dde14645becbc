import t from 'tap'
import type { AppendOnlyPort, PersistencePort } from '../../lib/commands/context.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('what is asked of the node', async (t) => {
  const asked: string[] = []
  const persistence = {
    lastSaveSeconds: 7,
    save: () => asked.push('save'),
    saveInBackground: ({ isPatient }: { readonly isPatient: boolean }) => {
      asked.push(isPatient ? 'saveInBackground later' : 'saveInBackground')
      return isPatient ? 'scheduled' : 'started'
    },
  } as unknown as PersistencePort
  const appendOnly = { rewrite: () => 'scheduled' } as unknown as AppendOnlyPort
  expectReplies(t, new CommandRunner({ ports: { appendOnly, persistence } }), [
    ['SAVE', '+OK|'],
    ['BGSAVE', '+Background saving started|'],
    ['BGSAVE schedule', '+Background saving scheduled|'],
    ['BGSAVE now', '-ERR syntax error|'],
    ['BGSAVE SCHEDULE x', '-ERR syntax error|'],
    ['LASTSAVE', ':7|'],
    ['BGREWRITEAOF', '+Background append only file rewriting scheduled|'],
    ['SAVE x', "-ERR wrong number of arguments for 'save' command|"],
  ])
  t.same(asked, ['save', 'saveInBackground', 'saveInBackground later'])
})
