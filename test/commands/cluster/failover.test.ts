import t from 'tap'
import { Bot } from '../../cluster/bot.ts'
import { connect } from './lone-node.ts'

t.test('FAILOVER is for replicas', async (t) => {
  const { runner, stage, machine, settle } = connect()
  const bot = new Bot(stage, 1).join()
  t.equal(runner.run('CLUSTER FAILOVER foo'), '-ERR syntax error\r\n')
  t.equal(runner.run('CLUSTER FAILOVER'), '-ERR You should send CLUSTER FAILOVER to a replica\r\n')
  machine.replicate(bot.id)
  settle()
  t.equal(runner.run('CLUSTER FAILOVER takeover'), '+OK\r\n')
  t.equal(machine.role, 'master')
})
