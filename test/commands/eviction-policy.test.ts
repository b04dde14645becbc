import t from 'tap'
import type { ConfigPort } from '../../lib/commands/context.ts'
import { countsFrequency } from '../../lib/commands/eviction-policy.ts'

t.test('LFU policies count frequencies', async (t) => {
  for (const [policy, counts] of [
    ['noeviction', false],
    ['allkeys-lru', false],
    ['volatile-ttl', false],
    ['allkeys-lfu', true],
    ['volatile-lfu', true],
  ] as const) {
    t.equal(countsFrequency({ text: () => policy } as unknown as ConfigPort), counts, policy)
  }
})
