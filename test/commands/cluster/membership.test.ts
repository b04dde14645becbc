import t from 'tap'
import { Bot } from '../../cluster/bot.ts'
import { connect, ME } from './lone-node.ts'

t.test('MEET', async (t) => {
  const { runner, machine } = connect()
  for (const [words, error] of [
    ['1 2', 'Invalid node address specified: 1:2'],
    ['127.0.0.1 x', 'Invalid TCP base port specified: x'],
    ['127.0.0.1 5 x', 'Invalid TCP bus port specified: x'],
    ['127.0.0.1 0', 'Invalid node address specified: 127.0.0.1:0'],
    ['127.0.0.1 60000', 'Invalid node address specified: 127.0.0.1:60000'],
    ['127.0.0.1 70000 5', 'Invalid node address specified: 127.0.0.1:70000'],
  ] as const) {
    t.equal(runner.run(`CLUSTER MEET ${words}`), `-ERR ${error}\r\n`, words)
  }
  t.equal(runner.run('CLUSTER MEET 127.0.0.1 7001'), '+OK\r\n')
  t.equal(runner.run('CLUSTER MEET 127.0.0.1 7002 9'), '+OK\r\n')
  t.match(machine.describeNodes(), '127.0.0.1:7001@17001 handshake')
  t.match(machine.describeNodes(), '127.0.0.1:7002@9 handshake')
})

t.test('FORGET, REPLICATE and RESET', async (t) => {
  const { runner, stage, machine } = connect()
  const bot = new Bot(stage, 1).join()
  t.equal(runner.run('CLUSTER RESET foo'), '-ERR syntax error\r\n')
  for (const word of ['FORGET', 'REPLICATE']) {
    t.equal(runner.run(`CLUSTER ${word} x`), '-ERR Unknown node x\r\n', word)
  }
  t.equal(runner.run(`CLUSTER REPLICATE ${bot.id}`), '+OK\r\n')
  t.equal(machine.role, 'replica')
  t.equal(runner.run(`CLUSTER FORGET ${bot.id}`), "-ERR Can't forget my master!\r\n")
  t.equal(runner.run('CLUSTER RESET hard'), '+OK\r\n')
  t.equal(machine.role, 'master')
  t.not(machine.myId, ME)
  t.equal(runner.run(`CLUSTER FORGET ${bot.id}`), `-ERR Unknown node ${bot.id}\r\n`)
})
