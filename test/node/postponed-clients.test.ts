/** Clients whose request waits, and those whose wait is over: in what order they go on. */
import t from 'tap'
import { PauseLevel } from '../../lib/node/pause.ts'
import { PostponedClients } from '../../lib/node/postponed-clients.ts'
import { NodeHarness } from '../support/node-harness.ts'

t.test('who is released while others go on goes on with them', async (t) => {
  const harness = new NodeHarness()
  const [first, second, gone] = [harness.connect(), harness.connect(), harness.connect()]
  const clients = new PostponedClients()
  for (const client of [first, second, gone]) clients.postpone(client, ['PING'], PauseLevel.all)
  t.equal(clients.count, 3)
  t.notOk(clients.mayGoOn(true, PauseLevel.all))
  t.ok(clients.mayGoOn(true, PauseLevel.writes), 'less is held than when they came')
  t.ok(clients.mayGoOn(false, PauseLevel.none))
  clients.forget(gone)
  const [waiting, ...others] = clients.takeWaiting()
  t.equal(waiting, first)
  t.same([clients.count, clients.hasReleased], [0, false])
  clients.release(first)
  const order: number[] = []
  clients.goOn((client) => {
    order.push(client.id)
    for (const other of others.splice(0)) clients.release(other)
  })
  t.same(order, [first.id, second.id])
  t.notOk(clients.hasReleased)
})
