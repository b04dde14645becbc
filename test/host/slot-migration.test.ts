import t from 'tap'
import type { ClusterNode } from '../../lib/host/handle.ts'
import {
  credentialsFor,
  MIGRATIONS_AT_ONCE,
  SlotMigration,
  successorOf,
} from '../../lib/host/slot-migration.ts'
import { FakeContext, type FakeNode } from '../support/fake-context.ts'

const bulks = (words: readonly string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`

/** Three masters with keys; slots 5 and 6, of node 0, on their way to node 1. */
function scene(
  slots: readonly number[],
  keys: Record<number, string[]>,
  credentials: string[] = [],
) {
  const fake = new FakeContext(3)
  fake.give(0, 0, 16383)
  fake.answer = ({ index }, argv) => {
    const own = keys[index] ?? []
    if (argv[1] === 'COUNTKEYSINSLOT') return `:${own.length}\r\n`
    if (argv[1] === 'GETKEYSINSLOT') return bulks(own.slice(0, Number(argv[3])))
    if (argv[0] === 'MIGRATE') own.splice(0, argv.length - argv.indexOf('KEYS') - 1)
    return '+OK\r\n'
  }
  const [from, to] = fake.nodes as [ClusterNode, ClusterNode]
  return { fake, migration: new SlotMigration(fake.context, { slots, from, to }, credentials) }
}

t.test('the steps of redis-cli, the source last of all to give', async (t) => {
  const { fake, migration } = scene([5, 6], { 0: [] }, ['AUTH', 'secret'])
  const [from, to] = fake.nodes.map(({ id }) => id)
  await migration.open()
  t.strictSame(fake.commands.splice(0), [
    `1: CLUSTER SETSLOT 5 IMPORTING ${from}`,
    `1: CLUSTER SETSLOT 6 IMPORTING ${from}`,
    `0: CLUSTER SETSLOT 5 MIGRATING ${to}`,
    `0: CLUSTER SETSLOT 6 MIGRATING ${to}`,
  ])
  t.equal(await migration.moveSome(), 0)
  t.strictSame(fake.commands.splice(0), [
    '0: CLUSTER GETKEYSINSLOT 5 250',
    '0: CLUSTER GETKEYSINSLOT 6 250',
  ])
  await migration.moveKeys(['a', 'b'])
  t.strictSame(fake.commands.splice(0), ['0: MIGRATE h 7001  0 8000 REPLACE AUTH secret KEYS a b'])
  await migration.give()
  t.strictSame(
    fake.commands,
    [1, 2, 0].flatMap((index) =>
      [5, 6].map((slot) => `${index}: CLUSTER SETSLOT ${slot} NODE ${to}`),
    ),
  )
})

t.test('MIGRATE has the time of all that may be before it', async (t) => {
  const { fake, migration } = scene([5], { 0: ['a'] })
  await migration.moveKeys(['a'])
  const timeoutMs = Number(fake.commands[0]?.split(' ')[6])
  t.equal(timeoutMs, 8000)
  t.ok(fake.longestPatienceMs >= MIGRATIONS_AT_ONCE * timeoutMs, `${fake.longestPatienceMs}`)
})

t.test('keys go in batches, all of them or so many', async (t) => {
  const keys = Array.from({ length: 600 }, (_, i) => `k${i}`)
  const { fake, migration } = scene([5], { 0: keys })
  t.equal(await migration.moveSome(280), 280)
  t.equal(keys.length, 320)
  t.equal(await migration.moveSome(), 320)
  t.strictSame(
    fake.commands
      .filter((line) => line.includes('MIGRATE'))
      .map((line) => line.split(' k').length - 1),
    [250, 30, 250, 70],
  )
})

t.test('a source that became a replica with its last slot knows already', async (t) => {
  const { fake, migration } = scene([5], {})
  const { answer } = fake
  fake.answer = (node, argv) =>
    node.index === 0 ? '-ERR Please use SETSLOT only with masters.\r\n' : answer(node, argv)
  await migration.give()
  fake.answer = (node, argv) => (node.index === 0 ? '-ERR no\r\n' : answer(node, argv))
  await t.rejects(migration.give(), { code: 'ERR_COMMAND' })
  fake.answer = (node, argv) => (node.index === 2 ? '-ERR gone\r\n' : answer(node, argv))
  await migration.give()
})

t.test('what is taken back: keys, then the marks, at whoever has them', async (t) => {
  const { fake, migration } = scene([5], { 0: ['a'], 1: ['b'], 2: [] })
  const [owner] = fake.nodes.map(({ id }) => id)
  await migration.abort(5)
  t.strictSame(fake.commands, [
    '0: CLUSTER SETSLOT 5 STABLE',
    '1: CLUSTER COUNTKEYSINSLOT 5',
    `1: CLUSTER SETSLOT 5 NODE ${owner}`,
    `1: CLUSTER SETSLOT 5 IMPORTING ${owner}`,
    '1: CLUSTER GETKEYSINSLOT 5 250',
    '1: MIGRATE h 7000  0 8000 REPLACE KEYS b',
    '1: CLUSTER GETKEYSINSLOT 5 250',
    '1: CLUSTER SETSLOT 5 STABLE',
    '2: CLUSTER COUNTKEYSINSLOT 5',
  ])
  for (const node of fake.nodes) fake.context.shared.slotView(node.index).fill(0)
  await t.rejects(migration.abort(5), { code: 'ERR_SLOT_UNSERVED' })
})

t.test('slots of a dead target go to its successor, which has not heard of them', async (t) => {
  const { fake, migration } = scene([5, 6], {})
  const [from, to, replica] = fake.nodes as [FakeNode, FakeNode, FakeNode]
  fake.give(1, 5, 9)
  to.state = 'killed'
  replica.role = 'replica'
  t.equal(successorOf(fake.context, to), undefined)
  await migration.giveToSuccessor([5, 6])
  t.strictSame(fake.commands, [], 'nobody has replaced it')
  replica.role = 'master'
  fake.context.shared.slotView(replica.index).fill(replica.index + 1, 7, 10)
  t.equal(successorOf(fake.context, to), replica)
  t.equal(successorOf(fake.context, from), undefined)
  await migration.giveToSuccessor([5, 6])
  t.strictSame(
    fake.commands,
    [2, 0].flatMap((index) =>
      [5, 6].map((slot) => `${index}: CLUSTER SETSLOT ${slot} NODE ${replica.id}`),
    ),
  )
})

t.test('the password of the target is the one it has now', async (t) => {
  const fake = new FakeContext(1)
  const [node] = fake.nodes as [ClusterNode]
  fake.answer = () => bulks(['requirepass', ''])
  t.strictSame(await credentialsFor(fake.context, node), [])
  fake.answer = () => bulks(['requirepass', 'pässword'])
  t.strictSame(await credentialsFor(fake.context, node), ['AUTH', 'pässword'])
  fake.answer = () => bulks(['masteruser', '', 'masterauth', 'x', 'requirepass', 'masteruser'])
  t.strictSame(await credentialsFor(fake.context, node), ['AUTH', 'masteruser'])
  fake.answer = () => bulks(['masteruser', 'ann', 'masterauth', 'x', 'requirepass', 'y'])
  t.strictSame(await credentialsFor(fake.context, node), ['AUTH2', 'ann', 'x'])
})
