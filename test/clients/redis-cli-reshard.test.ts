/** `redis-cli --cluster reshard` and `rebalance`: slots move with keys of every type in them, none lost, doubled or changed. */
import t from 'tap'
import { addressOf, type CliCluster, cliTest, summaryOf } from '../support/cli-test.ts'
import {
  COVERED,
  clusterVerb,
  expectLayout,
  fill,
  idOf,
  slotCounts,
} from '../support/cluster-layout.ts'
import type { NodeUnderTest } from '../support/cluster-under-test.ts'
import { census, contentOf } from '../support/key-census.ts'

const AGREED = '[OK] All nodes agree about slots configuration.'

const config = { 'enable-debug-command': 'yes' }
const formed = { masters: 3, replicas: 0, buses: 'one', config } as const

cliTest(
  t,
  'reshard, rebalance, check, info',
  formed,
  async (t, { nodes, addresses }: CliCluster) => {
    const [first, second, third] = nodes as readonly [NodeUnderTest, NodeUnderTest, NodeUnderTest]
    const ids = await Promise.all(nodes.map(idOf))
    const before = await fill(nodes)

    const moved = await clusterVerb(
      'reshard',
      addresses[0],
      ...['--cluster-from', `${ids[0]}`, '--cluster-to', `${ids[1]}`, '--cluster-slots', '300'],
      '--cluster-yes',
    )
    t.match(moved, `Moving slot 299 from ${addressOf(first)} to ${addressOf(second)}`)
    t.notMatch(moved, /ERR|\[WARNING\]/)
    await expectLayout(t, nodes, {
      [first.port]: ['300-5460'],
      [second.port]: ['0-299', '5461-10922'],
      [third.port]: ['10923-16383'],
    })
    t.same(contentOf(await census(nodes)), before)

    const check = await clusterVerb('check', addresses[2] as string)
    t.match(check, AGREED)
    t.match(check, COVERED)
    const sizes = summaryOf(check).map((line) => line.replace(/^\d+ keys/, ''))
    t.same(sizes.sort(), [
      ' | 5161 slots | 0 slaves.',
      ' | 5461 slots | 0 slaves.',
      ' | 5762 slots | 0 slaves.',
    ])
    t.match(
      await clusterVerb('info', addresses[1] as string),
      `[OK] ${before.length} keys in 3 masters.`,
    )

    const balanced = await clusterVerb('rebalance', addresses[0], '--cluster-threshold', '1')
    t.match(balanced, /Moving \d+ slots? from/)
    const counts = await slotCounts(first, nodes)
    for (const count of counts) t.ok(count >= 5461 && count <= 5462, `${counts} slots`)
    t.same(contentOf(await census(nodes)), before)
    t.match(await clusterVerb('rebalance', addresses[0]), 'No rebalancing needed')

    await clusterVerb('rebalance', addresses[0], '--cluster-weight', `${ids[0]}=1.05`)
    const weighted = await slotCounts(first, nodes)
    t.ok(
      Math.abs((weighted[0] ?? 0) - Math.round((16_384 * 1.05) / 3.05)) <= 2,
      `${weighted} slots`,
    )
    t.same(contentOf(await census(nodes)), before)
    t.match(await clusterVerb('check', addresses[0]), COVERED)
  },
)
