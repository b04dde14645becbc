import t from 'tap'
import { Bot } from './bot.ts'
import { range } from './network.ts'
import { setStage } from './stage.ts'

/** A master with slots, who is asked for its vote by the replica of another one. */
function voterStage(failureDetection: 'timeout' | 'instant' = 'timeout') {
  const set = setStage({ settings: { failureDetection } })
  const master = new Bot(set.stage, 1).claim(1, [1, 2]).join()
  const replica = new Bot(set.stage, 2).replicate(master.id, master.header.slots).join()
  replica.ping()
  set.machine.addSlots(range(10, 20))
  set.stage.effects.push(...set.machine.drain())
  replica.header = { ...replica.header, currentEpoch: 2, configEpoch: 1 }
  const request = (changes = {}) => {
    const header = { ...replica.header, ...changes }
    const votes = () => replica.heard().filter(({ type }) => type === 'auth-ack').length
    const before = votes()
    replica.say({ type: 'auth-req', header })
    return votes() > before
  }
  const fail = () => {
    const witness = new Bot(set.stage, 3).claim(2, [5]).join()
    witness.say({ type: 'fail', header: witness.header, node: master.id })
    return witness
  }
  return { ...set, master, replica, request, fail }
}

t.test('a vote is given once per epoch, and saved before it leaves', async (t) => {
  const { stage, machine, request, fail, replica } = voterStage()
  fail()
  const from = stage.effects.length
  t.ok(request({ currentEpoch: 5 }))
  const kinds = stage.effects.slice(from).map(({ type }) => type)
  t.ok(kinds.indexOf('save') < kinds.indexOf('send'))
  t.match(machine.describeConfig(), 'vars currentEpoch 5 lastVoteEpoch 5')
  t.notOk(request({ currentEpoch: 5 }))
  t.ok(stage.logged(`Failover auth denied to ${replica.id}: already voted for epoch 5`))
})

t.test('a voter refuses what the rules forbid', async (t) => {
  const { stage, request, fail, master, replica, machine } = voterStage()
  t.notOk(request())
  t.ok(stage.logged(`Failover auth denied to ${replica.id}: its master is up`))
  t.ok(request({ messageFlags: 2 }), 'but FORCEACK overrules it')
  fail()
  machine.bumpEpoch()
  t.notOk(request({ currentEpoch: 1 }))
  t.ok(stage.logged('reqEpoch (1) < curEpoch(3)'))
  t.notOk(request({ currentEpoch: 9 }))
  t.ok(stage.logged("can't vote about this master before"))
  stage.now += 4000
  const thief = new Bot(stage, 4).claim(7, [2]).join()
  thief.ping()
  t.notOk(request({ currentEpoch: 9 }))
  t.ok(stage.logged('slot 2 epoch (7) > reqEpoch (1)'))
  t.equal(master.header.configEpoch, 1)
  const asMaster = master.say({ type: 'auth-req', header: { ...master.header, currentEpoch: 9 } })
  t.ok(
    asMaster.some(
      ({ type, ...rest }) => type === 'log' && JSON.stringify(rest).includes('it is a master node'),
    ),
  )
})

t.test('a master without slots is silent', async (t) => {
  const { stage, machine, request, fail } = voterStage()
  fail()
  machine.deleteSlots(range(10, 20))
  stage.effects.push(...machine.drain())
  t.notOk(request())
  t.notOk(stage.logged('Failover auth'))
})

t.test('in instant mode a request may come before the news of the failure', async (t) => {
  const { stage, request, fail, replica } = voterStage('instant')
  const votes = () => replica.heard().filter(({ type }) => type === 'auth-ack')
  t.notOk(request({ currentEpoch: 5 }))
  t.notOk(stage.logged('Failover auth'), 'it is neither granted nor denied')
  stage.run(400)
  t.equal(votes().length, 0)
  fail()
  t.match(votes(), [{ header: { currentEpoch: 5 } }])
  t.ok(stage.logged(`Failover auth granted to ${replica.id} for epoch 5`))
  t.notOk(request({ currentEpoch: 5 }))
  t.ok(stage.logged('already voted for epoch 5'))
})

t.test('but not long before it, nor in another epoch, and with timeouts never', async (t) => {
  const votesOf = (replica: Bot) => replica.heard().filter(({ type }) => type === 'auth-ack').length
  const late = voterStage('instant')
  late.request({ currentEpoch: 5 })
  late.stage.run(600)
  late.fail()
  t.equal(votesOf(late.replica), 0, 'its election is over')
  const passed = voterStage('instant')
  passed.request({ currentEpoch: 5 })
  const witness = new Bot(passed.stage, 4).claim(3, [6]).join()
  witness.header = { ...witness.header, currentEpoch: 6 }
  witness.ping()
  passed.fail()
  t.equal(votesOf(passed.replica), 0)
  t.ok(passed.stage.logged('reqEpoch (5) < curEpoch(6)'))
  const patient = voterStage('timeout')
  patient.request({ currentEpoch: 5 })
  patient.fail()
  t.equal(votesOf(patient.replica), 0)
})
