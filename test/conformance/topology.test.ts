/**
 * Random changes of who owns which slot and who follows whom, to four real nodes and four of ours, or two of ours among two
 * real ones: all that is answered is the same, and once nothing changes any more every node sees the same. SEED says others,
 * STEPS how many; a step that changes something takes more than a second, since nodes have to hear of it.
 */
import t, { type Test } from 'tap'
import { Random } from '../../lib/base/random.ts'
import type { ClusterUnderTest } from '../support/cluster-under-test.ts'
import { RespClient } from '../support/resp-client.ts'
import { type Opponent, startContestants, withoutBoth } from './contestant.ts'
import { Duel, explained } from './differential.ts'
import { TopologyWalk, WALK_CONFIG, WALK_NODES } from './topology-walk.ts'

if (withoutBoth !== false) t.comment(`SKIPPED: ${withoutBoth}`)

const seeds = process.env.SEED?.split(',') ?? ['1']
const steps = Number(process.env.STEPS ?? 40)
const opponents = { ours: 'nodes of ours', mixed: 'nodes of both kinds in one cluster' } as const

t.setTimeout(60_000 + 2 * seeds.length * steps * 5000)

for (const opponent of ['ours', 'mixed'] as const) {
  t.test(
    `random changes of the topology, ${opponents[opponent]}`,
    { skip: withoutBoth },
    async (t) => {
      for (const seed of seeds)
        await t.test(`SEED=${seed} STEPS=${steps}`, (t) => walk(t, seed, opponent))
    },
  )
}

async function walk(t: Test, seed: string, opponent: Opponent): Promise<void> {
  const options = { masters: WALK_NODES, replicas: 0, form: false, config: WALK_CONFIG }
  const { real, ours } = await startContestants(t, options, opponent)
  const duel = await Duel.between(await inOrderOfIds(real), await inOrderOfIds(ours))
  const walk = new TopologyWalk(duel, new Random(seed))
  const difference = (await walk.form()) ?? (await walk.run(steps))
  if (difference === undefined) t.pass(`${walk.length} commands`)
  else t.fail(difference.command, { ...explained(difference), history: walk.history })
  await duel.hangUp()
}

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
