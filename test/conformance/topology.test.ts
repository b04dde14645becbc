/**
 * Random changes of who owns which slot and who follows whom, to four real nodes and four of ours: all that is answered is
 * the same, and once nothing changes any more every node sees the same. SEED says others, STEPS how many; a step that
 * changes something takes more than a second, since nodes have to hear of it.
 */
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import type { ClusterUnderTest } from '../support/cluster-under-test.ts'
import { RespClient } from '../support/resp-client.ts'
import { startContestants, withoutBoth } from './contestant.ts'
import { Duel, explained } from './differential.ts'
import { TopologyWalk, WALK_CONFIG, WALK_NODES } from './topology-walk.ts'

if (withoutBoth !== false) t.comment(`SKIPPED: ${withoutBoth}`)

const seeds = process.env.SEED?.split(',') ?? ['1']
const steps = Number(process.env.STEPS ?? 40)

t.setTimeout(60_000 + seeds.length * steps * 5000)

t.test('random changes of the topology', { skip: withoutBoth }, async (t) => {
  for (const seed of seeds) {
    await t.test(`SEED=${seed} STEPS=${steps}`, async (t) => {
      const options = { masters: WALK_NODES, replicas: 0, form: false, config: WALK_CONFIG }
      const { real, ours } = await startContestants(t, options)
      const duel = await Duel.between(await inOrderOfIds(real), await inOrderOfIds(ours))
      const walk = new TopologyWalk(duel, new Random(seed))
      const difference = (await walk.form()) ?? (await walk.run(steps))
      if (difference === undefined) t.pass(`${walk.length} commands`)
      else t.fail(difference.command, { ...explained(difference), history: walk.history })
      await duel.hangUp()
    })
  }
})

async function inOrderOfIds(cluster: ClusterUnderTest): Promise<ClusterUnderTest> {
  const named = await Promise.all(
    cluster.nodes.map(async (node) => {
      const client = await RespClient.connect(node.port, node.host)
      const id = String((await client.command('CLUSTER', 'MYID')).value)
      await client.close()
      return { node, id }
    }),
  )
  named.sort((one, other) => (one.id < other.id ? -1 : 1))
  return { nodes: named.map(({ node }) => node), stop: () => cluster.stop() }
}
