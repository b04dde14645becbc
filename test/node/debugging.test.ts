import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

t.test('SLEEP holds the node up', async (t) => {
  const harness = new NodeHarness({ config: { 'enable-debug-command': 'yes' } })
  const client = harness.connect()
  const before = harness.clock.now
  t.equal(harness.type(client, 'DEBUG SLEEP 0.25'), '+OK\r\n')
  t.equal(harness.clock.now - before, 250)
  t.equal(harness.type(client, 'DEBUG SLEEP -1', 'DEBUG SLEEP x'), '+OK\r\n+OK\r\n')
  t.equal(harness.clock.now - before, 250)
})
