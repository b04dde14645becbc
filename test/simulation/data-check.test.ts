import t from 'tap'
import { calmWorld } from './calm-world.ts'
import { DataCheck } from './data-check.ts'

t.test('no write is lost without cause', async (t) => {
  const { world } = calmWorld(6)
  const check = new DataCheck(world)
  const entry = check.add('{tag0}:0')
  const owner = world.living.find(({ machine }) => machine.ownerOf(entry.slot) === machine.myId)
  const place = owner?.place ?? -1
  entry.attempted = 1
  check.acknowledge(entry, 1, (place + 1) % 3, world.now)
  check.checkEnd()
  t.equal(check.lost, 0, 'nobody vouches for what another node than the owner took')
  check.acknowledge(entry, 1, place, world.now)
  t.throws(() => check.checkEnd(), /no write is lost without cause/)
  world.run(1)
  check.loseMemory(place)
  check.checkEnd()
  t.equal(check.lost, 2, 'its owner lost its memory')
})

t.test('acknowledged is applied', async (t) => {
  const { world, said } = calmWorld(6)
  const check = new DataCheck(world)
  const entry = check.add('{tag0}:0')
  const owner = world.living.find(({ machine }) => machine.ownerOf(entry.slot) === machine.myId)
  const replica = world.living.find(({ machine }) => machine.myself.master?.id === owner?.id)
  const header = said.get(owner?.place ?? -1)
  if (owner === undefined || header === undefined) throw new Error('nobody owns the slot')
  check.sends(owner, { type: 'auth-ack', header: { ...header, offset: 1 } })
  world.run(1)
  const written = { entry, version: 1, place: owner?.place ?? -1, sentMs: world.now }
  entry.attempted = 1
  owner?.node.databases[0]?.set(entry.key, '1')
  check.checkConfirmed(written)
  t.throws(() => world.run(200), /acknowledged is applied/)
  replica?.node.databases[0]?.set(entry.key, '1')
  check.checkConfirmed(written)
  world.run(200)
  t.equal(check.confirmed, 2)
})
