import t from 'tap'
import { Field } from '../../lib/base/shared-layout.ts'
import { CUT, faultStage } from '../support/fault-stage.ts'

t.test('nodes are found by their addresses, those of other processes are not', async (t) => {
  const { shared, scope } = faultStage()
  shared.set(1, Field.busPort, 17_001)
  shared.setId(1, 'b'.repeat(40))
  shared.set(1, Field.life, 3)
  t.equal(scope.at('127.0.0.1', 17_001), 1, 'even one that has ended')
  t.equal(scope.listeningAt('127.0.0.1', 17_001), undefined)
  shared.set(2, Field.busPort, 17_001)
  shared.set(2, Field.life, 2)
  t.equal(scope.at('127.0.0.1', 17_001), 2, 'who listens there now goes first')
  t.equal(scope.listeningAt('127.0.0.1', 17_001), 2)
  t.equal(scope.at('10.0.0.1', 17_001), undefined)
  t.equal(scope.at('127.0.0.1', 1), undefined)
  t.equal(scope.named('b'.repeat(40)), 1)
  t.equal(scope.named('x'.repeat(40)), undefined)
})

t.test('the way to a master, by its port', async (t) => {
  const { shared, scope } = faultStage()
  shared.set(1, Field.port, 7001)
  let isOpen = false
  const { to, from } = scope.make(7001, () => isOpen)
  const heard: string[] = []
  shared.faults.write(1, 0, CUT)
  t.ok(scope.isCut(7001))
  to.pass(() => heard.push('asked'))
  t.strictSame(heard, [], 'to connect takes an answer')
  isOpen = true
  to.look()
  from.pass(() => heard.push('told'))
  t.strictSame(heard, ['asked'])
  shared.faults.write(1, 0, undefined)
  from.look()
  t.strictSame(heard, ['asked', 'told'])
  t.notOk(scope.isCut(7001))
  shared.faults.write(0, 1, CUT)
  t.ok(scope.isCut(7001), 'either direction')
  const foreign = scope.make(9999, () => false)
  foreign.to.pass(() => heard.push('to another process'))
  foreign.from.pass(() => heard.push('from another process'))
  t.equal(heard.length, 4)
  t.notOk(scope.isCut(9999))
})

t.test('clients, and nodes that look like them', async (t) => {
  const { shared, scope } = faultStage()
  const { clients } = shared.faults
  const wires = scope.clients
  t.notOk(wires.isFaulty())
  shared.faults.write(clients, 1, CUT)
  t.notOk(wires.isFaulty(), 'of another node')
  const { toClient, fromClient } = wires.make()
  const heard: string[] = []
  shared.faults.write(clients, 0, CUT)
  t.ok(wires.isFaulty())
  toClient.pass(() => heard.push('reply'))
  fromClient.pass(() => heard.push('request'))
  t.strictSame(heard, ['reply'])
  shared.faults.write(clients, 0, undefined)
  shared.faults.write(0, clients, CUT)
  t.ok(wires.isFaulty())
  shared.set(2, Field.replicationPort, 40_000)
  t.ok(wires.isNode(40_000))
  t.notOk(wires.isNode(40_001))
})
