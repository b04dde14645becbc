import t from 'tap'
import { connect } from './lone-node.ts'

t.test('KEYSLOT', async (t) => {
  const { runner } = connect()
  for (const [key, slot] of [
    ['key:{10}:111', 247],
    ['key:{test}:111', 6918],
    ['key:{hu}:111', 11_441],
    ['foo', 12_182],
    ['', 0],
  ] as const) {
    t.equal(runner.run(`CLUSTER KEYSLOT "${key}"`), `:${slot}\r\n`)
  }
})

t.test('COUNTKEYSINSLOT and GETKEYSINSLOT', async (t) => {
  const { runner } = connect()
  runner.runAll('SET {a}1 x', 'SET {a}2 x', 'SET {a}3 x', 'SET b x')
  t.equal(runner.run('CLUSTER COUNTKEYSINSLOT 15495'), ':3\r\n')
  t.equal(runner.run('CLUSTER COUNTKEYSINSLOT 1'), ':0\r\n')
  t.equal(
    runner.run('CLUSTER GETKEYSINSLOT 15495 2'),
    '*2\r\n$4\r\n{a}3\r\n$4\r\n{a}2\r\n',
    'the newest first',
  )
  t.equal(runner.run('CLUSTER GETKEYSINSLOT 15495 0'), '*0\r\n')
  const notInteger = '-ERR value is not an integer or out of range\r\n'
  t.equal(runner.run('CLUSTER COUNTKEYSINSLOT x'), notInteger)
  t.equal(runner.run('CLUSTER COUNTKEYSINSLOT 16384'), '-ERR Invalid slot\r\n')
  t.equal(runner.run('CLUSTER GETKEYSINSLOT x 1'), notInteger)
  t.equal(runner.run('CLUSTER GETKEYSINSLOT 1 x'), notInteger)
  t.equal(runner.run('CLUSTER GETKEYSINSLOT 1 -1'), '-ERR Invalid slot or number of keys\r\n')
})
