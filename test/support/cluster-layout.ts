/**
 * How the slots of a cluster lie, as its nodes show them to redis-cli, and keys to see that moving slots loses none.
 */
import type { Test } from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import { nodesOf, say } from './cli-test.ts'
import type { NodeUnderTest } from './cluster-under-test.ts'
import { census, contentOf, writeSamples } from './key-census.ts'
import { redisCliOutput } from './redis-cli.ts'
import { waitFor } from './wait.ts'

/** What `redis-cli --cluster check` ends with when every slot has an owner. */
export const COVERED = '[OK] All 16384 slots covered.'

/** Runs a verb of `redis-cli --cluster`; it must end well. */
export function clusterVerb(verb: string, ...args: string[]): Promise<string> {
  return redisCliOutput(['--cluster', verb, ...args])
}

/** The id of a node. */
export function idOf(node: NodeUnderTest): Promise<string> {
  return say(node, 'CLUSTER', 'MYID').then((reply) => reply.replaceAll('"', ''))
}

/** Waits until every node shows these slots, by the ports of their owners, and no open slot. */
export async function expectLayout(
  t: Test,
  nodes: readonly NodeUnderTest[],
  expected: Readonly<Record<number, readonly string[]>>,
): Promise<void> {
  for (const node of nodes) {
    await waitFor(
      `node ${node.port} to see ${JSON.stringify(expected)}`,
      async () =>
        Object.fromEntries(
          (await nodesOf(node))
            .filter(({ flags }) => flags.includes('master'))
            .map(({ address, slots }) => [/:(\d+)@/.exec(address)?.[1], slots]),
        ),
      (seen) =>
        Object.entries(expected).every(
          ([port, slots]) => JSON.stringify(seen[port]) === JSON.stringify(slots),
        ),
    )
  }
  t.pass('every node sees the layout')
}

/** How many slots each node owns, as a node sees it. */
export async function slotCounts(
  seenBy: NodeUnderTest,
  nodes: readonly NodeUnderTest[],
): Promise<number[]> {
  const lines = await nodesOf(seenBy)
  return nodes.map(({ port }) => {
    const line = lines.find(({ address }) => address.includes(`:${port}@`))
    return (line?.slots ?? []).reduce((sum, range) => {
      const [first = 0, last = first] = range.split('-').map(Number)
      return sum + last - first + 1
    }, 0)
  })
}

/** Writes keys of every type, in the first slots and all over the cluster; returns what all keys hold. */
export async function fill(nodes: readonly NodeUnderTest[]): Promise<ReturnType<typeof contentOf>> {
  await writeSamples(nodes, (type, index) => `${type}:${index}`, 8)
  // {10} is slot 247, {3dq} in the first hundred.
  await writeSamples(nodes, (type, index) => `{10}${type}:${index}`, 3)
  await writeSamples(nodes, (type, index) => `{${tagBelow(100)}}${type}:${index}`, 3)
  return contentOf(await census(nodes))
}

/** A hash tag whose slot is below this one. */
function tagBelow(slot: number): string {
  for (let i = 0; ; i++) if (keySlot(`${i}`) < slot) return `${i}`
}
