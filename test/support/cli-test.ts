/**
 * Tests of the real redis-cli: a cluster of its own for each, once for every bus that matters, and what nodes say through
 * redis-cli, read back.
 */
import type { Test } from 'tap'
import {
  type ClusterUnderTest,
  type ClusterUnderTestOptions,
  type NodeUnderTest,
  startClusterUnderTest,
  underTest,
  withoutCluster,
} from './cluster-under-test.ts'
import { redisCliOutput, withoutRedisCli } from './redis-cli.ts'

/** Which cluster a test wants. */
export interface CliTestOptions extends Omit<ClusterUnderTestOptions, 'bus'> {
  /** Both: the test runs once over each. One is enough where nothing depends on it. */
  readonly buses: 'both' | 'one'
}

/** A running cluster, nodes first named. */
export interface CliCluster {
  readonly nodes: readonly [NodeUnderTest, ...NodeUnderTest[]]
  /** `host:port` of each node. */
  readonly addresses: readonly [string, ...string[]]
}

/** Runs a test on a cluster of its own, or says why it cannot. */
export function cliTest(
  t: Test,
  title: string,
  { buses, ...options }: CliTestOptions,
  run: (t: Test, cluster: CliCluster) => Promise<void>,
): void {
  const skip = withoutRedisCli || withoutCluster
  if (skip !== false) t.comment(`SKIPPED: ${skip}`)
  const wanted = buses === 'both' ? (['channel', 'tcp'] as const) : (['channel'] as const)
  for (const bus of underTest === 'real' ? (['tcp'] as const) : wanted) {
    t.test(`${title}, ${underTest} nodes, ${bus} bus`, { skip }, async (t) => {
      const cluster: ClusterUnderTest = await startClusterUnderTest({ ...options, bus })
      t.teardown(() => cluster.stop())
      const nodes = cluster.nodes as CliCluster['nodes']
      const addresses = nodes.map(addressOf) as unknown as CliCluster['addresses']
      await run(t, { nodes, addresses })
    })
  }
}

/** `host:port` of a node. */
export function addressOf({ host, port }: NodeUnderTest): string {
  return `${host}:${port}`
}

/** What redis-cli prints for one command. */
export function say(node: NodeUnderTest, ...command: string[]): Promise<string> {
  return redisCliOutput(['-h', node.host, '-p', String(node.port), ...command])
}

/** A line of CLUSTER NODES. */
export interface NodeLine {
  readonly id: string
  readonly address: string
  readonly flags: readonly string[]
  readonly master: string
  readonly epoch: number
  readonly link: string
  /** Ranges and open slots, as they are shown. */
  readonly slots: readonly string[]
}

/** CLUSTER NODES as a node sees it. */
export async function nodesOf(node: NodeUnderTest): Promise<NodeLine[]> {
  const text = await say(node, 'CLUSTER', 'NODES')
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', address = '', flags = '', master = '', , , epoch, link = '', ...slots] =
        line.split(' ')
      return { id, address, flags: flags.split(','), master, epoch: Number(epoch), link, slots }
    })
}

/** The fields of CLUSTER INFO. */
export async function infoOf(node: NodeUnderTest): Promise<Map<string, string>> {
  const text = await say(node, 'CLUSTER', 'INFO')
  return new Map(text.split(/\r?\n/).map((line) => line.split(':', 2) as [string, string]))
}

/** What `--cluster check` and `info` say of each master, `5461 keys | 5462 slots | 1 slaves.`, sorted. */
export function summaryOf(output: string): string[] {
  return [...output.matchAll(/^\S+ \([0-9a-f]{8}\.\.\.\) -> (.*)$/gm)]
    .map(([, summary]) => summary as string)
    .sort()
}
