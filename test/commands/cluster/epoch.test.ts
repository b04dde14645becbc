import t from 'tap'
import { NodeHarness } from '../../support/node-harness.ts'
import { connect } from './lone-node.ts'

t.test('epochs', async (t) => {
  const { runner } = connect()
  t.equal(runner.run('CLUSTER SET-CONFIG-EPOCH -1'), '-ERR Invalid config epoch specified: -1\r\n')
  t.equal(
    runner.run('CLUSTER SET-CONFIG-EPOCH x'),
    '-ERR value is not an integer or out of range\r\n',
  )
  t.equal(runner.run('cluster set-config-epoch 3'), '+OK\r\n')
  t.equal(
    runner.run('CLUSTER SET-CONFIG-EPOCH 4'),
    '-ERR Node config epoch is already non-zero\r\n',
  )
  t.equal(runner.run('CLUSTER BUMPEPOCH'), '+STILL 3\r\n')
})

t.test('SAVECONFIG is kept before it is answered, or the answer says why not', async (t) => {
  const node = new NodeHarness({ config: { 'cluster-enabled': 'yes' } })
  const client = node.connect()
  t.equal(node.type(client, 'CLUSTER SAVECONFIG'), '+OK\r\n')
  t.match(node.io.clusterConfig, / myself,master /)
  node.io.diskFailure = 'Is a directory'
  t.equal(
    node.type(client, 'CLUSTER SAVECONFIG'),
    '-ERR error saving the cluster node config: Is a directory\r\n',
  )
})
