import t from 'tap'
import { Bot } from './bot.ts'
import { setStage } from './stage.ts'

t.test('a record counts what is known, linked and failing', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  const bots = [1, 2].map((i) => new Bot(stage, i).claim(i, [i]).join())
  machine.meet({ ip: '127.0.0.1', port: 1, busPort: 2 })
  stage.run(100)
  t.match(machine.record(), {
    id: machine.myId,
    role: 'master',
    masterId: undefined,
    stateOk: false,
    knownNodes: 3,
    linksOut: 2,
    linksIn: 2,
    failing: 0,
    currentEpoch: 2,
    slotsAssigned: 2,
  })
  stage.step({ type: 'unreachable', node: bots[0]!.id })
  stage.step({ type: 'link-closed', link: bots[0]!.linkFromMachine! })
  t.match(machine.record(), { failing: 1, linksOut: 1, linksIn: 2 })
})

t.test('a replica has the epoch of its master', async (t) => {
  const { stage, machine } = setStage()
  const bot = new Bot(stage, 1).claim(5, [1]).join()
  machine.replicate(bot.id)
  t.match(machine.record(), { role: 'replica', masterId: bot.id, configEpoch: 5 })
})

t.test('whatever changes the record changes the version', async (t) => {
  const { stage, machine } = setStage({ settings: { failureDetection: 'instant' } })
  let seen = ''
  let version = -1
  const check = (what: string) => {
    const record = JSON.stringify(machine.record())
    if (record !== seen) t.ok(machine.version > version, what)
    else t.pass(`${what} changed nothing`)
    seen = record
    version = machine.version
  }
  check('start')
  const bot = new Bot(stage, 1).claim(3, [7]).join()
  check('a node')
  stage.step({ type: 'link-closed', link: bot.linkFromMachine! })
  check('a link lost')
  stage.run(100)
  stage.step({ type: 'link-opened', link: bot.linkFromMachine! })
  check('a link made')
  stage.step({ type: 'unreachable', node: bot.id })
  check('a suspect')
  stage.step({ type: 'reachable', node: bot.id })
  stage.step({ type: 'link-opened', link: bot.linkFromMachine! })
  bot.pong()
  check('no suspect')
  machine.addSlots([1])
  check('a slot')
  machine.bumpEpoch()
  check('an epoch')
  machine.deleteSlots([1])
  check('no slot')
  machine.replicate(bot.id)
  check('a role')
  machine.reset('hard')
  check('a reset')
})
