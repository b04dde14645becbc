import t from 'tap'
import { Bot } from './bot.ts'
import { range } from './network.ts'
import { setStage } from './stage.ts'

t.test('epoch changes are saved with fsync, membership without', async (t) => {
  const { stage, machine } = setStage()
  const saves = () => stage.effectsOf('save').map(({ sync }) => sync)
  stage.effects.length = 0
  machine.addSlots([1])
  stage.effects.push(...machine.drain())
  t.same(saves(), [false])
  machine.bumpEpoch()
  machine.addSlots([2])
  stage.effects.push(...machine.drain())
  t.same(saves(), [false, true], 'one save for both')
  t.equal(new Bot(stage, 1).ping()[0]?.type, 'save', 'ahead of what it makes true')
})
t.test('a change of the slot table is one effect at the end of the step', async (t) => {
  const { machine } = setStage()
  machine.drain()
  machine.addSlots(range(0, 99))
  machine.deleteSlots([5])
  const effects = machine.drain()
  t.equal(effects.filter(({ type }) => type === 'slots').length, 1)
  t.same(machine.drain(), [])
})
