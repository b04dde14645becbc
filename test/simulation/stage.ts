/**
 * Plays a script in a world: starts each step at its time and ends those that last. Steps that mean nothing at their
 * moment - a crash of a node that is down - do nothing. Invariant: what a step began has ended when `calm` returns.
 */
import type { Client, Routine } from './client.ts'
import type { Operator } from './operator.ts'
import type { Step } from './script.ts'
import type { SimulatedNode } from './simulated-node.ts'
import { Tally } from './tally.ts'
import type { World } from './world.ts'

/** What a stage needs besides the world. */
export interface StageHands {
  readonly operator: Operator
  /** A client that nothing cuts off. */
  newClient(): Client
  /** The node has lost what it remembered. */
  forgets(place: number): void
}

/** Plays steps. */
export class Stage {
  readonly #world: World
  readonly #hands: StageHands
  /** What came about, steps that meant nothing left out. */
  readonly tally = new Tally()
  /** Ends what lasts, in the order it began. */
  readonly #undo = new Set<() => void>()

  constructor(world: World, hands: StageHands) {
    this.#world = world
    this.#hands = hands
  }

  /** Has every step happen at its time from now. */
  play(script: readonly Step[]): void {
    for (const step of script) this.#world.queue.after(step.atMs, () => this.#perform(step))
  }

  /** Ends everything that lasts: nothing is cut, slow, asleep or down any more. */
  calm(): void {
    for (const undo of [...this.#undo]) undo()
    for (const { place } of this.#world.hosts) {
      this.#world.resume(place)
      this.#world.restart(place)
    }
  }

  #lasting(forMs: number, end: () => void): void {
    const undo = (): void => {
      if (this.#undo.delete(undo)) end()
    }
    this.#undo.add(undo)
    this.#world.queue.after(forMs, undo)
  }

  #perform(step: Step): void {
    const world = this.#world
    switch (step.type) {
      case 'crash':
        if (world.host(step.node).life === undefined) return
        this.tally.add(`crash of ${step.kind}`)
        world.crash(step.node, step.kind)
        this.#hands.forgets(step.node)
        if (step.kind === 'disk') this.#hands.operator.lostNodes = true
        this.#lasting(step.forMs, () => world.restart(step.node))
        break
      case 'pause':
        if (world.host(step.node).isPaused) return
        this.tally.add('pause')
        world.pause(step.node)
        this.#lasting(step.forMs, () => world.resume(step.node))
        break
      case 'cut':
        this.tally.add(step.isOneWay ? 'cut one way' : 'cut')
        world.cut(step.left, step.right)
        if (!step.isOneWay) world.cut(step.right, step.left)
        this.#lasting(step.forMs, () => {
          world.heal(step.left, step.right)
          if (!step.isOneWay) world.heal(step.right, step.left)
        })
        break
      case 'reset':
        this.tally.add('connections reset', world.network.reset(step.left, step.right))
        break
      case 'slow':
        this.tally.add('slow path')
        this.#both(step, (a, b) => world.network.slowDown(a, b, step.extraMs))
        this.#lasting(step.forMs, () =>
          this.#both(step, (a, b) => world.network.slowDown(a, b, -step.extraMs)),
        )
        break
      case 'loss':
        this.tally.add('lossy path')
        this.#both(step, (a, b) => world.network.lose(a, b, step.percent))
        this.#lasting(step.forMs, () =>
          this.#both(step, (a, b) => world.network.regain(a, b, step.percent)),
        )
        break
      case 'skew':
        this.tally.add(step.byMs < 0 ? 'clock set back' : 'clock set ahead')
        world.skew(step.node, step.byMs)
        break
      default:
        this.#operate(step)
    }
  }

  #both(
    { left, right }: { readonly left: number; readonly right: number },
    apply: (from: number, to: number) => void,
  ): void {
    apply(left, right)
    apply(right, left)
  }

  *#migrate(slot: number, target: SimulatedNode): Routine {
    const outcome = yield* this.#hands.operator.migrate(slot, target)
    this.tally.add(`migration ${outcome}`)
  }

  /** What the operator does; a node that is down or asleep does not hear of it. */
  #operate(step: Step): void {
    const { operator } = this.#hands
    const { hosts } = this.#world
    const tell = (name: string, place: number, ...argv: string[]): void => {
      const host = this.#world.host(place)
      const reply = host.isPaused ? undefined : host.life?.ask(...argv)
      if (reply !== undefined) this.tally.add(reply.startsWith('-') ? `${name} refused` : name)
    }
    switch (step.type) {
      case 'failover':
        tell(
          `${step.mode} failover`,
          step.node,
          'CLUSTER',
          'FAILOVER',
          ...(step.mode === 'graceful' ? [] : [step.mode.toUpperCase()]),
        )
        break
      case 'migrate': {
        const target = operator.masterOf(this.#world.host(step.to))
        if (target === undefined) return
        const client = this.#hands.newClient()
        client.start(this.#migrate(step.slot, target))
        break
      }
      case 'forget': {
        const other = this.#world.host(step.other)
        operator.lostNodes = true
        tell('forget', step.node, 'CLUSTER', 'FORGET', other.id)
        break
      }
      case 'replicate': {
        const master = operator.masterOf(this.#world.host(step.master))
        if (master !== undefined) tell('replicate', step.node, 'CLUSTER', 'REPLICATE', master.id)
        break
      }
      case 'reset-node': {
        const host = this.#world.host(step.node)
        if (host.life === undefined || host.isPaused || host.machine.role !== 'replica') return
        operator.lostNodes = true
        tell('reset', step.node, 'CLUSTER', 'RESET', step.atMs % 2 === 0 ? 'HARD' : 'SOFT')
        this.#hands.forgets(step.node)
        break
      }
      case 'timeout':
        for (const { place } of hosts) {
          tell(
            'timeout set',
            place,
            'CONFIG',
            'SET',
            'cluster-node-timeout',
            String(step.timeoutMs),
          )
        }
    }
  }
}
