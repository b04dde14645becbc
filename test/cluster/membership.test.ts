import t from 'tap'
import { Bot } from './bot.ts'
import { range } from './network.ts'
import { setStage } from './stage.ts'

t.test('FORGET removes a node with its slots, links, reports and replicas', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).claim(1, [4]).join()
  const replica = new Bot(stage, 2).replicate(bot.id, bot.header.slots).join()
  replica.ping()
  const third = new Bot(stage, 3).join()
  bot.ping([third.entry(1 | 4)])
  t.equal(machine.failureReports(third.id), 1)
  machine.setSlotImporting(4, bot.id)
  machine.forget(bot.id)
  const effects = machine.drain()
  t.equal(machine.node(bot.id), undefined)
  t.equal(machine.ownerOf(4), undefined)
  t.notOk(machine.isImporting(4))
  t.equal(machine.failureReports(third.id), 0)
  t.match(machine.describeNodes(), new RegExp(`${replica.id} \\S+ slave - `))
  t.equal(effects.filter(({ type }) => type === 'disconnect').length, 2)
})

t.test('FORGET refuses what makes no sense', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).join()
  t.throws(() => machine.forget('zz'), { message: 'ERR Unknown node zz' })
  t.throws(() => machine.forget(machine.myId), {
    message: "ERR I tried hard but I can't forget myself...",
  })
  machine.replicate(bot.id)
  t.throws(() => machine.forget(bot.id), { message: "ERR Can't forget my master!" })
})

t.test('a soft reset forgets all but the id and the epochs', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).claim(3, [4]).join()
  machine.addSlots(range(10, 20))
  machine.setSlotMigrating(10, bot.id)
  machine.bumpEpoch()
  const id = machine.myId
  machine.reset('soft')
  t.equal(machine.myId, id)
  t.match(machine.record(), { currentEpoch: 4, configEpoch: 4, slotsAssigned: 0, knownNodes: 1 })
  t.notOk(machine.isMigrating(10))
})

t.test('a hard reset forgets the id and the epochs as well', async (t) => {
  const { stage, machine } = setStage()
  new Bot(stage, 1).claim(3, [4]).join()
  machine.bumpEpoch()
  const id = machine.myId
  machine.reset('hard')
  stage.effects.push(...machine.drain())
  t.not(machine.myId, id)
  t.match(machine.myId, /^[0-9a-f]{40}$/)
  t.match(machine.record(), { id: machine.myId, currentEpoch: 0, configEpoch: 0, knownNodes: 1 })
  t.same(stage.effectsOf('renamed'), [{ type: 'renamed', id: machine.myId }])
  t.ok(stage.logged('configEpoch set to 0 via CLUSTER RESET HARD'))
  t.ok(stage.logged(`Node hard reset, now I'm ${machine.myId}`))
  t.match(machine.describeConfig(), `${machine.myId} `)
})

t.test('a master with keys is not reset; a replica becomes an empty master', async (t) => {
  const { stage, machine, facts } = setStage()
  const bot = new Bot(stage, 1).join()
  facts.keys.set(1, 1)
  t.throws(() => machine.reset('soft'), {
    message: "ERR CLUSTER RESET can't be called with master nodes containing keys",
  })
  facts.keys.clear()
  machine.replicate(bot.id)
  facts.keys.set(1, 1)
  machine.reset('soft')
  stage.effects.push(...machine.drain())
  t.equal(machine.role, 'master')
  t.equal(stage.effectsOf('flush-keys').length, 1)
  t.equal(stage.effectsOf('follow').at(-1)?.master, undefined)
})
