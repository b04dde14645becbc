/** What happens to clients that do nothing, or not enough. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'

t.test('who has been idle for too long is closed', async (t) => {
  const harness = new NodeHarness({ config: { timeout: '3' } })
  const [idle, busy, subscriber, monitor, blocked] = [1, 2, 3, 4, 5].map(() => harness.connect())
  if (!idle || !busy || !subscriber || !monitor || !blocked) throw new Error('five clients')
  harness.type(subscriber, 'SUBSCRIBE channel')
  harness.type(monitor, 'MONITOR')
  harness.type(blocked, 'BLPOP k 0')
  harness.pass(2500)
  harness.type(busy, 'PING')
  t.same(harness.io.closed, [])
  harness.pass(1500)
  t.same(harness.io.closed, [idle])
  t.same(
    harness.io.logs.filter(([, text]) => text === 'Closing idle client'),
    [['verbose', 'Closing idle client']],
  )
  harness.pass(3000)
  t.same(harness.io.closed, [idle, busy], 'who waits for something is not idle')
})

t.test('the setting holds from the next second on', async (t) => {
  const harness = new NodeHarness()
  const [idle, busy] = [harness.connect(), harness.connect()]
  harness.pass(60_000)
  t.same(harness.io.closed, [], 'without it nobody is closed')
  harness.type(busy, 'CONFIG SET timeout 10')
  harness.pass(1000)
  t.same(harness.io.closed, [idle])
})

t.test('the buffers of all clients are looked at within a second', async (t) => {
  const harness = new NodeHarness()
  const clients = Array.from({ length: 60 }, () => harness.connect())
  for (const client of clients) harness.type(client, 'PING')
  const visited = () => clients.filter((client) => / rbp=0 /.test(client.describe())).length
  t.equal(visited(), 0)
  harness.pass(100)
  t.equal(visited(), 6, 'a tenth of them')
  harness.pass(900)
  t.equal(visited(), 60)
})
