import t from 'tap'
import { parseConfig } from '../../lib/cluster/config-file.ts'
import { Bot } from './bot.ts'
import { agree, formCluster, Network } from './network.ts'
import { setStage } from './stage.ts'

t.test('FORCE does without the master', async (t) => {
  for (const failureDetection of ['timeout', 'instant'] as const) {
    const network = new Network('force', { failureDetection })
    const nodes = formCluster(network, 3, 1)
    network.run(5000)
    network.tell(nodes[3]!, (machine) => machine.failover('force'))
    network.until('roles are swapped', () => nodes[3]!.machine.role === 'master', 500)
    t.ok(nodes[3]!.logged('Forced failover user request accepted.'))
    t.equal(nodes[0]!.info('cluster_stats_messages_mfstart_received'), undefined)
    network.until('agreement', () => agree(nodes))
  }
})

t.test('TAKEOVER does without anybody', async (t) => {
  const network = new Network('takeover', { failureDetection: 'instant' })
  const nodes = formCluster(network, 3, 1)
  for (const node of nodes.slice(0, 3)) network.kill(node)
  network.tell(nodes[3]!, (machine) => machine.failover('takeover'))
  t.equal(nodes[3]!.machine.role, 'master')
  t.ok(nodes[3]!.logged('Taking over the master (user request).'))
  t.ok(nodes[3]!.logged(`New configEpoch set to ${nodes[3]!.machine.record().configEpoch}`))
  network.run(100)
  for (const node of nodes.slice(3)) t.equal(node.machine.ownerOf(0), nodes[3]!.id)
})

t.test('it is for replicas whose master works, or is not needed', async (t) => {
  const { stage, machine } = setStage()
  t.throws(() => machine.failover('force'), {
    message: 'ERR You should send CLUSTER FAILOVER to a replica',
  })
  const bot = new Bot(stage, 1).claim(1, [1]).join()
  const other = new Bot(stage, 2).claim(2, [2]).join()
  machine.replicate(bot.id)
  stage.step({ type: 'link-closed', link: bot.linkFromMachine! })
  t.throws(() => machine.failover('graceful'), {
    message: 'ERR Master is down or failed, please use CLUSTER FAILOVER FORCE',
  })
  stage.run(100)
  stage.step({ type: 'link-opened', link: bot.linkFromMachine! })
  other.say({ type: 'fail', header: other.header, node: bot.id })
  t.throws(() => machine.failover('graceful'), {
    message: 'ERR Master is down or failed, please use CLUSTER FAILOVER FORCE',
  })
  machine.failover('force')
})

t.test('a replica that does not know its master cannot fail over', async (t) => {
  const saved = parseConfig(`${'1'.repeat(40)} :0@0 myself,slave - 0 0 0 connected\n`)
  const { machine } = setStage({ restored: saved })
  t.throws(() => machine.failover('force'), {
    message: "ERR I'm a replica but my master is unknown to me",
  })
})
