import t from 'tap'
import { CommandRunner } from '../../support/command-runner.ts'
import { connect } from './lone-node.ts'

t.test('a standalone node has no cluster commands', async (t) => {
  const runner = new CommandRunner()
  for (const line of ['CLUSTER INFO', 'CLUSTER HELP', 'ASKING', 'READONLY', 'READWRITE']) {
    t.equal(runner.run(line), '-ERR This instance has cluster support disabled\r\n', line)
  }
})

t.test('words and their number', async (t) => {
  const { runner } = connect()
  t.equal(runner.run('CLUSTER'), "-ERR wrong number of arguments for 'cluster' command\r\n")
  t.equal(runner.run('CLUSTER FOO'), "-ERR unknown subcommand 'FOO'. Try CLUSTER HELP.\r\n")
  t.equal(
    runner.run('cluster MEET'),
    "-ERR wrong number of arguments for 'cluster|meet' command\r\n",
  )
  for (const line of [
    'CLUSTER Meet 127.0.0.1 5 6 7',
    'CLUSTER Failover a b',
    'CLUSTER Reset a b',
  ]) {
    const word = line.split(' ')[1]
    t.equal(
      runner.run(line),
      `-ERR unknown subcommand or wrong number of arguments for '${word}'. Try CLUSTER HELP.\r\n`,
    )
  }
})

t.test('HELP names every subcommand', async (t) => {
  const { runner } = connect()
  const lines = runner.run('CLUSTER HELP').split('\r\n')
  t.equal(lines[1], '+CLUSTER <subcommand> [<arg> [value] [opt] ...]. Subcommands are:')
  t.same(lines.slice(-3), ['+HELP', '+    Prints this help.', ''])
  for (const word of ['NODES', 'SETSLOT', 'FAILOVER', 'LINKS', 'SHARDS']) {
    t.ok(lines.some((line) => line.startsWith(`+${word}`)))
  }
})
