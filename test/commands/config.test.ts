import t from 'tap'
import type { ServerPort } from '../../lib/commands/context.ts'
import { Config } from '../../lib/node/config/config.ts'
import { CommandRunner } from '../support/command-runner.ts'

function connect() {
  let resets = 0
  const server = {
    resetStats() {
      resets++
    },
  } as ServerPort
  const config = new Config()
  const runner = new CommandRunner({ ports: { config, server } })
  return { config, runner, resets: () => resets }
}

t.test('CONFIG GET', async (t) => {
  const { runner } = connect()
  t.equal(runner.run('CONFIG GET hz'), '*2\r\n$2\r\nhz\r\n$2\r\n10\r\n')
  t.equal(runner.run('config get nosuch'), '*0\r\n')
  runner.protocol = 3
  t.equal(
    runner.run('CONFIG GET hz TIMEOUT'),
    '%2\r\n$2\r\nhz\r\n$2\r\n10\r\n$7\r\nTIMEOUT\r\n$1\r\n0\r\n',
  )
  t.equal(runner.run('CONFIG GET nosuch'), '%0\r\n')
})

t.test('CONFIG SET', async (t) => {
  const { config, runner } = connect()
  t.equal(runner.run('CONFIG SET hz 20 maxmemory 1kb'), '+OK\r\n')
  t.same([config.number('hz'), config.number('maxmemory')], [20, 1024])
  t.equal(runner.run('CONFIG SET hz 30 maxmemory'), '-ERR syntax error\r\n')
  t.equal(
    runner.run('CONFIG SET hz x'),
    "-ERR CONFIG SET failed (possibly related to argument 'hz') - argument couldn't be parsed into an integer\r\n",
  )
  t.equal(
    runner.run('CONFIG SET hz'),
    "-ERR wrong number of arguments for 'config|set' command\r\n",
  )
  t.equal(config.number('hz'), 20)
})

t.test('CONFIG RESETSTAT, REWRITE, HELP', async (t) => {
  const { resets, runner } = connect()
  t.equal(runner.run('CONFIG RESETSTAT'), '+OK\r\n')
  t.equal(resets(), 1)
  t.equal(runner.run('CONFIG REWRITE'), '-ERR The server is running without a config file\r\n')
  t.match(runner.run('CONFIG HELP'), /\+GET <pattern>.*\+REWRITE\r\n/s)
  t.equal(runner.run('CONFIG FOO'), "-ERR unknown subcommand 'FOO'. Try CONFIG HELP.\r\n")
})
