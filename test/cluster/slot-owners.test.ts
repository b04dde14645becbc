import t from 'tap'
import { SLOT_COUNT } from '../../lib/base/crc16.ts'
import { Random } from '../../lib/base/random.ts'
import { NodeFlag } from '../../lib/bus/message.ts'
import { type ClusterNode, newNode } from '../../lib/cluster/cluster-node.ts'
import { SlotOwners } from '../../lib/cluster/slot-owners.ts'

t.test('nobody has a slot to begin with', async (t) => {
  const owners = new SlotOwners()
  for (const slot of [0, 1, SLOT_COUNT - 1]) t.equal(owners.of(slot), undefined)
})

t.test('a plain table says the same, whoever comes and goes', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const owners = new SlotOwners()
  const table = new Array<ClusterNode | undefined>(SLOT_COUNT).fill(undefined)
  let nodes = Array.from({ length: 5 }, (_, i) => newNode(`${i}`, NodeFlag.master, 0))
  for (let i = 0; i < 300; i++) {
    const start = random.below(SLOT_COUNT)
    const end = start + random.below(Math.min(4000, SLOT_COUNT - start))
    const node = random.below(5) === 0 ? undefined : random.pick(nodes)
    owners.fill(node, start, end)
    table.fill(node, start, end + 1)
    if (random.below(20) !== 0) continue
    const gone = random.pick(nodes)
    for (const [slot, owner] of table.entries())
      if (owner === gone) owners.fill(undefined, slot, slot)
    owners.release(gone)
    for (const [slot, owner] of table.entries()) if (owner === gone) table[slot] = undefined
    const heir = newNode(`${i + 5}`, NodeFlag.master, 0)
    nodes = nodes.map((other) => (other === gone ? heir : other))
  }
  for (let i = 0; i < 300; i++) {
    const start = random.below(SLOT_COUNT)
    const end = start + random.below(Math.min(50, SLOT_COUNT - start))
    const isFree = table.slice(start, end + 1).every((owner) => owner === undefined)
    if (owners.areFree(start, end) !== isFree) t.fail(`slots ${start} to ${end}`)
  }
  const wrong = table.findIndex((owner, slot) => owners.of(slot) !== owner)
  t.equal(wrong, -1, `slot ${wrong}`)
})

t.test('whoever is released owns nothing, and may own again', async (t) => {
  const owners = new SlotOwners()
  const [first, second] = [newNode('a', NodeFlag.master, 0), newNode('b', NodeFlag.master, 0)]
  owners.release(first)
  owners.fill(first, 3, 3)
  owners.fill(undefined, 3, 3)
  owners.release(first)
  owners.fill(second, 4, 5)
  owners.fill(first, 6, 6)
  t.same(
    [3, 4, 5, 6].map((slot) => owners.of(slot)?.id),
    [undefined, 'b', 'b', 'a'],
  )
})
