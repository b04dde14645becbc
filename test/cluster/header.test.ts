import t from 'tap'
import { slotsOf } from '../../lib/cluster/slot-bitmap.ts'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

t.test('a master tells its own slots, epoch and offset', async (t) => {
  const { stage, machine, facts } = setStage()
  facts.offset = 99
  machine.setConfigEpoch(3)
  machine.addSlots([4, 5])
  stage.effects.push(...machine.drain())
  const bot = new Bot(stage, 1)
  bot.ping()
  const { header } = bot.heard()[0]!
  t.match(header, {
    sender: 'm'.repeat(40),
    port: 7000,
    busPort: 17_000,
    currentEpoch: 3,
    configEpoch: 3,
    offset: 99,
    masterId: undefined,
    ip: '',
    flags: 17,
    state: 'fail',
    messageFlags: 0,
  })
  t.same(slotsOf(header.slots), [4, 5])
})

t.test("a replica tells its master's slots and epoch, and who that is", async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).claim(7, [1, 2, 3]).join()
  machine.replicate(bot.id)
  stage.effects.push(...machine.drain())
  bot.ping()
  const { header } = bot.heard().at(-1)!
  t.match(header, { sender: 'm'.repeat(40), configEpoch: 7, masterId: bot.id, flags: 18 })
  t.same(slotsOf(header.slots), [1, 2, 3])
})

t.test('a header is a snapshot: what changes later does not change it', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1)
  bot.ping()
  const { header } = bot.heard()[0]!
  machine.addSlots([4])
  t.same(slotsOf(header.slots), [])
})
