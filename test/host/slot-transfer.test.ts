import t from 'tap'
import type { ClusterNode } from '../../lib/host/handle.ts'
import { checkMaster, claimSlots, transferSlots } from '../../lib/host/slot-transfer.ts'
import { FakeContext } from '../support/fake-context.ts'

/** Two masters; SETSLOT NODE at the target changes the owner for all, the answer to others is up to the test. */
function scene(refuse: (node: ClusterNode, argv: readonly string[]) => boolean = () => false) {
  const fake = new FakeContext(2)
  fake.give(0, 0, 16383)
  const [from, to] = fake.nodes as [ClusterNode, ClusterNode]
  fake.answer = (node, argv) => {
    if (refuse(node, argv)) return '-ERR refused\r\n'
    if (argv[1] === 'SETSLOT' && argv[3] === 'NODE') {
      const slot = Number(argv[2])
      fake.give(1, slot, slot)
    }
    if (argv[1] === 'COUNTKEYSINSLOT') return ':0\r\n'
    return argv[1] === 'GETKEYSINSLOT' || argv[0] === 'CONFIG' ? '*0\r\n' : '+OK\r\n'
  }
  return { fake, context: fake.context, from, to }
}

t.test('many slots go in batches, each step for all of a batch', async (t) => {
  const { fake, context, from, to } = scene()
  const slots = Array.from({ length: 130 }, (_, i) => i)
  await transferSlots(context, [{ slots, from, to }])
  t.strictSame(
    slots.map((slot) => context.roster.ownerOf(slot)),
    slots.map(() => to),
  )
  const given = fake.commands.filter((line) => line.startsWith('1: ') && line.includes(' NODE '))
  t.equal(given.length, slots.length)
  t.equal(context.movingSlots.size, 0)
})

t.test('a master without slots first gets one without keys, before any key moves', async (t) => {
  const { fake, context, from, to } = scene()
  const { answer } = fake
  fake.answer = (node, argv) => {
    const hasKeys = argv[1] === 'COUNTKEYSINSLOT' && argv[2] !== '2'
    return hasKeys ? ':1\r\n' : answer(node, argv)
  }
  await transferSlots(context, [{ slots: [1, 2, 3], from, to }])
  const steps = fake.commands.filter((line) => line.startsWith('0: ') && line.includes('SETSLOT'))
  t.strictSame(
    steps.map((line) => line.split(' ').slice(3, 5).join(' ')),
    ['2 MIGRATING', '2 NODE', '1 MIGRATING', '3 MIGRATING', '1 NODE', '3 NODE'],
  )
})

t.test('a failure closes what was opened and says how far it came', async (t) => {
  const { fake, context, from, to } = scene((_, argv) => argv[2] === '70' && argv[3] === 'NODE')
  const slots = Array.from({ length: 75 }, (_, i) => i)
  await t.rejects(transferSlots(context, [{ slots, from, to }]), {
    code: 'ERR_COMMAND',
    message:
      'the slots could not all move from node 0 to node 1: node 1 answered with: ERR refused\r\n' +
      '; moved: 0-69; where they were, with their keys: 70-74',
  })
  t.ok(fake.commands.includes('0: CLUSTER SETSLOT 70 STABLE'))
  t.ok(fake.commands.includes('1: CLUSTER SETSLOT 70 STABLE'))
  t.equal(context.movingSlots.size, 0)
})

t.test('a slot that cannot be closed is named', async (t) => {
  const { context, from, to } = scene((_, argv) => {
    return argv[2] === '3' && (argv[3] === 'NODE' || argv[3] === 'STABLE')
  })
  await t.rejects(transferSlots(context, [{ slots: [3], from, to }]), {
    message: /; none has moved; slot 3 is half-moved \(node 0 .*refused.*\); move them again/s,
  })
})

t.test('a slot is moved by one at a time', async (t) => {
  const { context } = scene()
  const release = claimSlots(context, [1, 2, 3, 9])
  t.throws(() => claimSlots(context, [0, 2, 3, 9]), {
    code: 'ERR_SLOT_BUSY',
    message: /^another operation is moving slot 2-3, 9; await it/,
  })
  t.notOk(context.movingSlots.has(0))
  release()
  claimSlots(context, [1])
})

t.test('only a running master will do', async (t) => {
  const { context, fake } = scene()
  const [node] = fake.nodes as [(typeof fake.nodes)[number]]
  checkMaster(context, node, 'given slots')
  node.role = 'replica'
  t.throws(() => checkMaster(context, node, 'given slots'), {
    code: 'ERR_NODE_STATE',
    message:
      "node 0 cannot be given slots: it is a replica; take a master (its state is 'running')",
  })
  node.state = 'paused'
  t.throws(() => checkMaster(context, node, 'given slots'), { message: /it is not running/ })
})
