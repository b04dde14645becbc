import t from 'tap'
import type { BusMessage } from '../../lib/bus/message.ts'
import { calmWorld } from './calm-world.ts'
import { ElectionCheck } from './election-check.ts'
import type { SimulatedNode } from './simulated-node.ts'

const WON = "Failover election won: I'm the new master."

t.test('one winner per epoch', async (t) => {
  const { world, said } = calmWorld(9)
  const { hosts } = world
  const check = new ElectionCheck()
  const say = (
    host: SimulatedNode,
    type: 'auth-req' | 'auth-ack',
    epoch: number,
    to?: SimulatedNode,
  ) => {
    const header = { ...(said.get(host.place) as BusMessage['header']), currentEpoch: epoch }
    const link = host.machine.node(to?.id ?? '')?.outbound?.id ?? 0
    host.disk.synced = `vars currentEpoch ${epoch} lastVoteEpoch ${epoch}\n`
    check.sends(host, link, { type, header })
  }
  const elect = (candidate: SimulatedNode, voters: readonly number[], epoch: number) => {
    say(candidate, 'auth-req', epoch)
    for (const voter of voters) say(hosts[voter] as SimulatedNode, 'auth-ack', epoch, candidate)
    check.logs(candidate, WON)
  }
  const [first, second] = [hosts[3] as SimulatedNode, hosts[6] as SimulatedNode]
  elect(first, [0, 1], 10)
  elect(second, [0, 1], 11)
  t.equal(check.wins, 2)
  t.throws(() => elect(second, [2], 10), /epochs never fall/)
  t.throws(() => elect(hosts[4] as SimulatedNode, [2], 10), /one winner per epoch/)
  t.throws(() => elect(hosts[5] as SimulatedNode, [2], 12), /a majority elects/)
})
