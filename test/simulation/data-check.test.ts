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
