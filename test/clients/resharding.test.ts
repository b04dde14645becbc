/**
 * Cluster clients go on writing and reading while `redis-cli --cluster reshard` moves the slots they write to: no call fails,
 * and what was acknowledged is there.
 */
import { Cluster } from 'ioredis'
import * as redis from 'redis'
import t, { type Test } from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import { cliTest } from '../support/cli-test.ts'
import { clusterVerb, idOf } from '../support/cluster-layout.ts'
import type { NodeUnderTest } from '../support/cluster-under-test.ts'
import type { ClusterClient } from './driver.ts'
import { ioredisDriver } from './ioredis-driver.ts'
import { nodeRedisDriver } from './node-redis-driver.ts'

const SLOTS = 150
const WRITERS = 8
const drivers = [
  ioredisDriver(Cluster, { name: 'ioredis', protocol: 3 }),
  nodeRedisDriver(redis, { name: 'node-redis', protocol: 3 }),
]

/** Names whose slots are the first ones, which move. */
const moving = firstNames(400, (slot) => slot < SLOTS)
/** Names of slots that stay. */
const staying = firstNames(100, (slot) => slot >= SLOTS)

function firstNames(count: number, wanted: (slot: number) => boolean): string[] {
  const names: string[] = []
  for (let i = 0; names.length < count; i++) if (wanted(keySlot(`key:${i}`))) names.push(`key:${i}`)
  return names
}

/** Writes until told to stop; every write is read back. Returns what was acknowledged last of each key. */
async function write(client: ClusterClient, isOver: () => boolean) {
  const acknowledged = new Map<string, string>()
  let calls = 0
  const writer = async (number: number) => {
    const own = [...moving, ...staying].filter((_, index) => index % WRITERS === number)
    for (let round = 0; !isOver() || round < own.length; round++) {
      const key = own[round % own.length] as string
      await client.set(key, `${round}`)
      acknowledged.set(key, `${round}`)
      const read = await client.get(key)
      if (read !== `${round}`) throw new Error(`${key} is ${read} after ${round} was written`)
      calls += 2
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)))
  return { acknowledged, calls }
}

cliTest(
  t,
  'writing through a reshard',
  { masters: 3, replicas: 0, buses: 'one' },
  async (t, cluster) => {
    const [first, second] = cluster.nodes as readonly [NodeUnderTest, NodeUnderTest]
    const [one, two] = [await idOf(first), await idOf(second)]
    for (const [index, driver] of drivers.entries()) {
      await t.test(driver.name, async (t: Test) => {
        const client = await driver.connect({ nodes: cluster.nodes })
        let isOver = false
        const writing = write(client, () => isOver)
        // Whoever fails first is told of; the other one is still waited for.
        const moved = Promise.race([
          writing,
          clusterVerb(
            'reshard',
            cluster.addresses[0],
            ...['--cluster-from', index === 0 ? one : two, '--cluster-to', index === 0 ? two : one],
            ...['--cluster-slots', `${SLOTS}`, '--cluster-yes'],
          ),
        ])
        const output = await moved.finally(() => {
          isOver = true
        })
        t.match(output, `Moving slot ${SLOTS - 1} from`)
        const { acknowledged, calls } = await writing
        t.ok(calls > 2 * moving.length, `${calls} calls meanwhile`)
        const lost: string[] = []
        for (const [key, value] of acknowledged) {
          if ((await client.get(key)) !== value) lost.push(key)
        }
        t.same(lost, [])
        await client.close()
      })
    }
  },
)
