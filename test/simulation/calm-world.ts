/**
 * A world in which nothing happens, for tests of what looks on: three masters with their replicas, formed and in step.
 */
import type { BusMessage } from '../../lib/bus/message.ts'
import { World } from './world.ts'

/** A world of so many nodes, and what each of them said last. */
export function calmWorld(nodes: number): {
  readonly world: World
  readonly said: ReadonlyMap<number, BusMessage['header']>
} {
  const said = new Map<number, BusMessage['header']>()
  const world = new World({
    seed: 'calm',
    masters: 3,
    nodes,
    failureDetection: 'instant',
    directives: [],
    weather: { delayMs: 0, jitterMs: 1 },
    witness: {
      born: () => {},
      sends: (host, _link, { header }) => said.set(host.place, header),
      logs: () => {},
      crashed: (_host, error) => {
        throw error
      },
    },
  })
  world.run(3000)
  return { world, said }
}
