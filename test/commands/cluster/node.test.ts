import t from 'tap'
import { Bot } from '../../cluster/bot.ts'
import { connect, ME } from './lone-node.ts'

t.test('NODES and INFO are verbatim texts', async (t) => {
  const { runner, machine } = connect()
  const text = machine.describeNodes()
  t.equal(runner.run('CLUSTER NODES'), `$${text.length}\r\n${text}\r\n`)
  runner.protocol = 3
  t.equal(runner.run('CLUSTER NODES'), `=${text.length + 4}\r\ntxt:${text}\r\n`)
  const info = machine.describeInfo()
  t.equal(runner.run('CLUSTER INFO'), `=${info.length + 4}\r\ntxt:${info}\r\n`)
})

t.test('MYID and MYSHARDID', async (t) => {
  const { runner, stage, machine, settle } = connect('7.2')
  t.equal(runner.run('CLUSTER MYID'), `$40\r\n${ME}\r\n`)
  t.equal(runner.run('CLUSTER MYSHARDID'), `$40\r\n${ME}\r\n`)
  const bot = new Bot(stage, 1).join()
  machine.replicate(bot.id)
  settle()
  t.equal(runner.run('CLUSTER MYSHARDID'), `$40\r\n${bot.id}\r\n`, 'that of its master')
})

t.test('REPLICAS, SLAVES and COUNT-FAILURE-REPORTS ask about a node', async (t) => {
  const { runner, stage, machine, settle } = connect()
  const bot = new Bot(stage, 1).join()
  for (const word of ['REPLICAS', 'SLAVES', 'COUNT-FAILURE-REPORTS']) {
    t.equal(runner.run(`CLUSTER ${word} x`), '-ERR Unknown node x\r\n', word)
  }
  t.equal(runner.run(`CLUSTER COUNT-FAILURE-REPORTS ${bot.id}`), ':0\r\n')
  machine.replicate(bot.id)
  settle()
  const line = machine.describeReplicas(bot.id)[0] ?? ''
  t.equal(runner.run(`CLUSTER REPLICAS ${bot.id}`), `*1\r\n$${line.length}\r\n${line}\r\n`)
  t.equal(runner.run(`CLUSTER SLAVES ${bot.id}`), `*1\r\n$${line.length}\r\n${line}\r\n`)
})
