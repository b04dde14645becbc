import t from 'tap'
import { flagsInOrder, scriptFlag } from '../../lib/scripting/script-flag.ts'

t.test('flags by name, in any case', async (t) => {
  t.equal(scriptFlag('no-writes'), 'no-writes')
  t.equal(scriptFlag('Allow-OOM'), 'allow-oom')
  for (const name of ['', 'nosuch', 'no_writes', 'no-writes ']) t.equal(scriptFlag(name), undefined)
})

t.test('flags have an order', async (t) => {
  t.same(flagsInOrder(new Set(['allow-cross-slot-keys', 'allow-stale', 'no-writes'])), [
    'no-writes',
    'allow-stale',
    'allow-cross-slot-keys',
  ])
})
