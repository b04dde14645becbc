import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'
import { FakeClient } from '../support/fake-client.ts'

t.test('MONITOR is answered once, and not within a transaction', async (t) => {
  const client = new FakeClient()
  const state = { active: true }
  const runner = new CommandRunner({ ports: { client, transaction: state as never } })
  expectReplies(t, runner, [['MONITOR', "-ERR MONITOR isn't allowed for DENY BLOCKING client|"]])
  t.equal(client.monitoring, false)
  state.active = false
  expectReplies(t, runner, [
    ['MONITOR', '+OK|'],
    ['MONITOR', ''],
  ])
  t.equal(client.monitoring, true)
})
