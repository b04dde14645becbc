/**
 * A single machine on a {@link Stage}, with facts and settings that a test can change.
 */
import { Random } from '../../lib/base/random.ts'
import type { SavedConfig } from '../../lib/cluster/config-file.ts'
import { ClusterMachine } from '../../lib/cluster/machine.ts'
import type { ClusterSettings } from '../../lib/cluster/settings.ts'
import { Stage } from './bot.ts'
import { defaultSettings } from './network.ts'

/** Unix ms at which stages begin. */
export const START_MS = 1_700_000_000_000

/** What the rest of the node would answer. */
export interface FakeFacts {
  offset: number
  keys: Map<number, number>
  masterSinceMs: number
  masterConnected: boolean
  sendBufferBytes: number
}

/** A machine alone, with what it is told. */
export function setStage(
  options: { settings?: Partial<ClusterSettings>; restored?: SavedConfig; id?: string } = {},
) {
  const settings = { ...defaultSettings(), startupDelayMs: 0, ...options.settings }
  const facts: FakeFacts = {
    offset: 0,
    keys: new Map(),
    masterSinceMs: START_MS,
    masterConnected: true,
    sendBufferBytes: 0,
  }
  const machine = new ClusterMachine({
    identity: { id: options.id ?? 'm'.repeat(40), ip: '', port: 7000, busPort: 17_000 },
    settings,
    random: new Random('stage'),
    now: START_MS,
    restored: options.restored,
    facts: {
      replicationOffset: () => facts.offset,
      countKeysInSlot: (slot) => facts.keys.get(slot) ?? 0,
      countKeys: () => [...facts.keys.values()].reduce((sum, count) => sum + count, 0),
      masterLink: () => ({ connected: facts.masterConnected, sinceMs: facts.masterSinceMs }),
      sendBuffer: () => ({ allocated: facts.sendBufferBytes, used: 0 }),
    },
  })
  return { stage: new Stage(machine, START_MS), machine, settings, facts }
}
