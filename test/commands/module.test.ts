import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('there are no modules', async (t) => {
  const runner = new CommandRunner()
  runner.config.set('enable-module-command', 'yes')
  const failed = '-ERR Error loading the extension. Please check the server logs.|'
  expectReplies(t, runner, [
    ['MODULE LIST', '*0|'],
    ['MODULE LOAD x', failed],
    ['MODULE LOADEX x CONFIG a b ARGS c', failed],
    ['MODULE UNLOAD x', '-ERR Error unloading module: no such module with that name|'],
    ['MODULE', "-ERR wrong number of arguments for 'module' command|"],
  ])
  t.match(runner.run('MODULE HELP'), /^\*\d+\r\n\+MODULE <subcommand> /)
  runner.config.set('enable-module-command', 'no')
  for (const line of ['MODULE LOAD x', 'MODULE LOADEX x', 'MODULE UNLOAD x']) {
    t.match(runner.run(line), /^-ERR MODULE command not allowed\. /, line)
  }
  t.equal(runner.run('MODULE LIST'), '*0\r\n')
})
