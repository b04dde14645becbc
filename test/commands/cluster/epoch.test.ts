import t from 'tap'
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

t.test('SAVECONFIG is kept before it is answered', async (t) => {
  const { runner, stage, settle } = connect()
  t.equal(runner.run('CLUSTER SAVECONFIG'), '+OK\r\n')
  settle()
  t.match(stage.effectsOf('save').at(-1), { sync: true })
})
