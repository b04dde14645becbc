/** `redis-cli --cluster fix`: open slots, slots that nobody serves, keys where they do not belong. */
import t from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import { type CliCluster, cliTest, nodesOf, say } from '../support/cli-test.ts'
import {
  COVERED,
  clusterVerb,
  expectLayout,
  fill,
  idOf,
  slotCounts,
} from '../support/cluster-layout.ts'
import type { NodeUnderTest } from '../support/cluster-under-test.ts'
import { census, contentOf, writeSamples } from '../support/key-census.ts'
import { redisCli, redisCliOutput } from '../support/redis-cli.ts'
import { waitFor } from '../support/wait.ts'

const AGREED = '[OK] All nodes agree about slots configuration.'

const config = { 'enable-debug-command': 'yes' }
const formed = { masters: 3, replicas: 0, buses: 'one', config } as const

cliTest(t, 'fix open slots', formed, async (t, { nodes, addresses }: CliCluster) => {
  const [first, second, third] = nodes as readonly [NodeUnderTest, NodeUnderTest, NodeUnderTest]
  const [one, two, three] = (await Promise.all(nodes.map(idOf))) as [string, string, string]
  const before = await fill(nodes)
  const setSlot = (node: NodeUnderTest, ...words: string[]) =>
    say(node, 'CLUSTER', 'SETSLOT', ...words).then((reply) => t.equal(reply, 'OK', words.join(' ')))
  const migrate = async (from: NodeUnderTest, to: NodeUnderTest, key: string) => {
    const reply = await say(from, 'MIGRATE', to.host, `${to.port}`, key, '0', '5000')
    t.equal(reply, 'OK', `MIGRATE ${key}`)
  }
  const fixed = async (expected: Readonly<Record<number, readonly string[]>>) => {
    await clusterVerb('fix', addresses[0], '--cluster-yes')
    await expectLayout(t, nodes, expected)
    t.same(contentOf(await census(nodes)), before, 'all keys, each once')
    t.match(await clusterVerb('check', addresses[1] as string), COVERED)
  }
  const at = { [second.port]: ['5461-10922'], [third.port]: ['10923-16383'] }

  await t.test('migrating here and importing there', async () => {
    await setSlot(second, '247', 'IMPORTING', one)
    await setSlot(first, '247', 'MIGRATING', two)
    // Without a key over there, the move is finished; with one, the slot goes to who has most of its keys.
    await fixed({
      ...at,
      [first.port]: ['0-246', '248-5460'],
      [second.port]: ['247', '5461-10922'],
    })
  })
  await t.test('importing only', async () => {
    await setSlot(first, '247', 'IMPORTING', two)
    await setSlot(second, '247', 'MIGRATING', one)
    await migrate(second, first, '{10}list:1')
    await setSlot(second, '247', 'STABLE')
    await fixed({
      ...at,
      [first.port]: ['0-246', '248-5460'],
      [second.port]: ['247', '5461-10922'],
    })
  })
  await t.test('migrating here and importing in two places', async () => {
    await setSlot(first, '247', 'IMPORTING', two)
    await setSlot(third, '247', 'IMPORTING', two)
    await setSlot(second, '247', 'MIGRATING', one)
    await migrate(second, first, '{10}set:1')
    await migrate(second, third, '{10}set:2')
    await fixed({
      [first.port]: ['0-246', '248-5460'],
      [second.port]: ['247', '5461-10922'],
      [third.port]: ['10923-16383'],
    })
  })
  await t.test('migrating only', async () => {
    await setSlot(second, '247', 'MIGRATING', three)
    await fixed({ ...at, [second.port]: ['247', '5461-10922'] })
  })
})

cliTest(t, 'fix coverage and owners', formed, async (t, { nodes, addresses }: CliCluster) => {
  const [first, second, third] = nodes as readonly [NodeUnderTest, NodeUnderTest, NodeUnderTest]
  const [one, two] = (await Promise.all(nodes.map(idOf))) as [string, string]
  const before = await fill(nodes)
  const covered = async () => {
    await waitFor(
      'all slots to be covered',
      () => redisCli(['--cluster', 'check', addresses[2] as string]),
      ({ output }) => output.includes(AGREED) && output.includes(COVERED),
    )
    const counts = await slotCounts(first, nodes)
    t.equal(
      counts.reduce((sum, count) => sum + count, 0),
      16_384,
      `${counts} slots`,
    )
    t.same(contentOf(await census(nodes)), before, 'all keys, each once')
  }

  await t.test('a slot without keys, one with keys in one place', async (t) => {
    const [empty] = Array.from({ length: 16_384 }, (_, slot) => slot).filter(
      (slot) => !before.some(([key]) => keySlot(key) === slot),
    )
    for (const node of nodes) {
      await say(node, 'CLUSTER', 'DELSLOTS', `${empty}`, '247')
    }
    const check = await redisCli(['--cluster', 'check', addresses[0]])
    t.match(check.output, '[ERR] Not all 16384 slots are covered by nodes.')
    await redisCliOutput(['--cluster', 'fix', addresses[0], '--cluster-yes'], {
      typed: ['yes', 'yes'],
    })
    await covered()
  })

  await t.test('keys of a slot on a node that does not own it', async () => {
    const [owner, other] =
      (await slotOwner(first, 6918)) === second.port ? [second, third] : [third, second]
    await writeSamples(nodes, (type, index) => `{test}${type}:${index}`, 1)
    const all = contentOf(await census(nodes))
    await say(other, 'CLUSTER', 'SETSLOT', '6918', 'IMPORTING', owner === second ? two : one)
    await say(owner, 'CLUSTER', 'SETSLOT', '6918', 'MIGRATING', await idOf(other))
    t.equal(
      await say(owner, 'MIGRATE', other.host, `${other.port}`, '{test}hash:0', '0', '5000'),
      'OK',
    )
    for (const node of [owner, other]) await say(node, 'CLUSTER', 'SETSLOT', '6918', 'STABLE')
    const check = ['--cluster', 'check', addresses[0], '--cluster-search-multiple-owners']
    t.match((await redisCli(check)).output, /\[WARNING\] Slot 6918 has 2 owners/)
    await say(other, 'CLUSTER', 'SETSLOT', '6918', 'IMPORTING', await idOf(owner))
    await clusterVerb('fix', addresses[0], '--cluster-yes')
    t.notMatch((await redisCli(check)).output, /\[WARNING\]/)
    t.same(contentOf(await census(nodes)), all, 'all keys, each once')
  })
})

async function slotOwner(seenBy: NodeUnderTest, slot: number): Promise<number> {
  const lines = await nodesOf(seenBy)
  const owner = lines.find(({ slots }) =>
    slots.some((range) => {
      const [first = -1, last = first] = range.split('-').map(Number)
      return first <= slot && slot <= last
    }),
  )
  return Number(/:(\d+)@/.exec(owner?.address ?? '')?.[1])
}
