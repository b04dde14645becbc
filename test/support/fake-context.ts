/**
 * What a lever stands on, without threads: nodes are plain objects that a test changes, commands are answered by a
 * function, and who hears whom is a list of pairs.
 */
import { SharedMemory } from '../../lib/base/shared-layout.ts'
import { ClusterError } from '../../lib/host/cluster-error.ts'
import type { ClusterNode } from '../../lib/host/handle.ts'
import type { LeverContext } from '../../lib/host/lever/lever.ts'

/** A node whose every field a test may change. */
export type FakeNode = { -readonly [Key in keyof ClusterNode]: ClusterNode[Key] }

/** A context of running masters, all in hearing of each other. */
export class FakeContext {
  readonly shared: SharedMemory
  readonly nodes: FakeNode[]
  /** Commands that were run, `2: CLUSTER MYID`, oldest first. */
  readonly commands: string[] = []
  /** The longest that a command was given, milliseconds. */
  longestPatienceMs = 0
  /** Who does not hear whom, `1<2`: node 1 does not hear node 2. */
  readonly deaf = new Set<string>()
  answer: (node: ClusterNode, argv: readonly string[]) => string = () => '+OK\r\n'

  constructor(count: number) {
    this.shared = new SharedMemory(count)
    this.nodes = Array.from({ length: count }, (_, index) => {
      const id = String(index).repeat(40)
      const fake = { index, id, state: 'running', role: 'master', slots: [], master: undefined }
      return {
        ...fake,
        host: 'h',
        port: 7000 + index,
        clusterOk: true,
        knownNodes: count,
        inSync: false,
      } as unknown as FakeNode
    })
  }

  /** Slots as all nodes see them. */
  give(owner: number, start: number, end: number): void {
    for (const { index } of this.nodes) this.shared.slotView(index).fill(owner + 1, start, end + 1)
  }

  /** As a lever takes it. */
  get context(): LeverContext {
    const { nodes, shared, deaf } = this
    const runnerOf = (node: ClusterNode) => ({ index: node.index, life: node.state })
    const mastersNow = () =>
      nodes.filter(({ role, state }) => role === 'master' && state === 'running')
    return {
      options: { failureDetection: 'instant' },
      nodes,
      runners: nodes.map(runnerOf),
      shared,
      movingSlots: new Set<number>(),
      joined: new Set<ClusterNode>(nodes),
      booting: new Set<unknown>(),
      forgotten: new Set<string>(),
      closing: new AbortController().signal,
      runnerOf,
      reachability: {
        isLost: (observer: ClusterNode, subject: ClusterNode) =>
          deaf.has(`${observer.index}<${subject.index}`),
      },
      roster: {
        get masters() {
          return mastersNow()
        },
        ownerOf: (slot: number) => {
          return mastersNow().find(({ index }) => shared.slotView(index)[slot] === index + 1)
        },
        describe: () => 'all of them',
      },
      checkRunning() {},
      happens: async (check: () => boolean) => check(),
      commands: (node: ClusterNode, commands: readonly (readonly string[])[]) =>
        this.#run(node, commands),
      command: async (node: ClusterNode, argv: readonly string[], patienceMs = 0) => {
        this.longestPatienceMs = Math.max(this.longestPatienceMs, patienceMs)
        return (await this.#run(node, [argv]))[0]
      },
      inTime: (work: Promise<unknown>) => work,
      waitUntil: async (check: () => boolean) => {
        if (!check()) throw new Error('it does not hold')
      },
    } as unknown as LeverContext
  }

  async #run(node: ClusterNode, commands: readonly (readonly string[])[]): Promise<string[]> {
    return commands.map((argv) => {
      this.commands.push(`${node.index}: ${argv.join(' ')}`)
      const reply = this.answer(node, argv)
      if (!reply.startsWith('-')) return reply
      throw new ClusterError('ERR_COMMAND', `node ${node.index} answered with: ${reply.slice(1)}`)
    })
  }
}
