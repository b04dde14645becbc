/**
 * A cluster machine at the bus of a real cluster: the least of a node, over TCP. It has no client port and no data; to
 * its peers it looks like any other node.
 */
import { Random } from '../../lib/base/random.ts'
import type { ClusterEffect } from '../../lib/cluster/effect.ts'
import type { ClusterInput } from '../../lib/cluster/input.ts'
import { ClusterMachine } from '../../lib/cluster/machine.ts'
import { TcpBus } from '../../lib/runtime/tcp-bus.ts'
import { defaultSettings } from './network.ts'

const TICK_MS = 100

/** A node that has a bus port and nothing else. */
export class BusNode {
  readonly machine: ClusterMachine
  readonly logs: string[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  #bus: TcpBus | undefined

  private constructor(port: number, busPort: number, nodeTimeoutMs: number) {
    const random = new Random(`bus node ${busPort}`)
    this.machine = new ClusterMachine({
      identity: { id: random.nodeId(), ip: '', port, busPort },
      settings: { ...defaultSettings(), nodeTimeoutMs },
      random,
      now: Date.now(),
      facts: {
        replicationOffset: () => 0,
        countKeysInSlot: () => 0,
        countKeys: () => 0,
        masterLink: () => ({ connected: true, sinceMs: Date.now() }),
        sendBuffer: () => ({ allocated: 0, used: 0 }),
      },
    })
  }

  /** Listens on a free bus port of 127.0.0.1 and starts to tick. */
  static async start(nodeTimeoutMs: number): Promise<BusNode> {
    let node: BusNode | undefined
    const step = (input: ClusterInput) => node?.step(input)
    const bus = await TcpBus.listen(
      {
        accepted: (link, remoteIp, localIp) =>
          step({ type: 'link-accepted', link, remoteIp, localIp }),
        opened: (link) => step({ type: 'link-opened', link }),
        failed: (link) => step({ type: 'connect-failed', link }),
        closed: (link) => step({ type: 'link-closed', link }),
        message: (link, message) => step({ type: 'message', link, message }),
        dropped: (_link, messageType) => step({ type: 'dropped', messageType }),
        broken: () => {},
      },
      ['127.0.0.1'],
      0,
    )
    // Nobody serves the client port; it only has to be one.
    node = new BusNode(bus.port - 10_000, bus.port, nodeTimeoutMs)
    node.#bus = bus
    const ticks = setInterval(() => step({ type: 'tick' }), TICK_MS)
    node.#timers.add(ticks)
    return node
  }

  get id(): string {
    return this.machine.myId
  }

  step(input: ClusterInput): void {
    this.#perform(this.machine.step(input, Date.now()))
  }

  /** Calls a verb and performs what it caused. */
  tell(verb: (machine: ClusterMachine) => void): void {
    verb(this.machine)
    this.#perform(this.machine.drain())
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.#bus?.stop()
  }

  #perform(effects: readonly ClusterEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'connect') this.#bus?.connect(effect.link, effect.ip, effect.busPort)
      else if (effect.type === 'send') this.#bus?.send(effect.link, effect.message)
      else if (effect.type === 'disconnect') this.#bus?.close(effect.link)
      else if (effect.type === 'log') this.logs.push(effect.text)
    }
  }
}
