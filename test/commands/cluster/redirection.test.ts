import t from 'tap'
import { connect } from './lone-node.ts'

t.test('ASKING, READONLY and READWRITE are remembered', async (t) => {
  const { runner, client } = connect()
  t.equal(runner.run('ASKING'), '+OK\r\n')
  t.ok(client.asking)
  t.equal(runner.run('READONLY'), '+OK\r\n')
  t.ok(client.readonlyMode)
  t.equal(runner.run('READWRITE'), '+OK\r\n')
  t.notOk(client.readonlyMode)
})
