import t from 'tap'
import { NodeFlag } from '../../lib/bus/message.ts'
import {
  inHandshake,
  isFailed,
  isMaster,
  isMyself,
  isReplica,
  isSuspected,
  masterOf,
  newNode,
} from '../../lib/cluster/cluster-node.ts'

t.test('flags say what a node is', async (t) => {
  const tests = { isMaster, isReplica, isMyself, inHandshake, isFailed, isSuspected }
  const told = (flags: number) =>
    Object.entries(tests)
      .filter(([, test]) => test(newNode('a', flags, 0)))
      .map(([name]) => name)
  t.same(told(NodeFlag.master | NodeFlag.myself), ['isMaster', 'isMyself'])
  t.same(told(NodeFlag.slave | NodeFlag.fail), ['isReplica', 'isFailed'])
  t.same(told(NodeFlag.master | NodeFlag.pfail), ['isMaster', 'isSuspected'])
  t.same(told(NodeFlag.handshake | NodeFlag.meet), ['inHandshake'])
})

t.test('the master of a master is itself, that of a replica may be unknown', async (t) => {
  const master = newNode('a', NodeFlag.master, 0)
  const replica = newNode('b', NodeFlag.slave, 0)
  t.equal(masterOf(master), master)
  t.equal(masterOf(replica), undefined)
  replica.master = master
  t.equal(masterOf(replica), master)
})
