import t from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import type { RouteRequest } from '../../lib/cluster/routing.ts'
import { Bot } from './bot.ts'
import { range } from './network.ts'
import { setStage } from './stage.ts'

const FOO = keySlot('foo')
const BAR = keySlot('bar')

function requestOf(request: Partial<RouteRequest> & { here?: string[] }): RouteRequest {
  return {
    keys: [],
    isWrite: false,
    isShardedPubSub: false,
    isMigrate: false,
    asking: false,
    readonlyMode: false,
    exists: (key) => request.here?.includes(key) ?? false,
    ...request,
  }
}

/** A machine that serves all but the slot of `bar`, which a bot serves. */
function partner() {
  const set = setStage()
  const bot = new Bot(set.stage, 1).claim(9, [BAR]).join()
  set.machine.addSlots(range(0, 16383).filter((slot) => slot !== BAR))
  set.stage.effects.push(...set.machine.drain())
  set.stage.run(2500)
  t.equal(set.machine.state, 'ok')
  const ask = (request: Parameters<typeof requestOf>[0]) =>
    set.machine.route(requestOf(request))?.message ?? 'serve'
  return { ...set, bot, ask }
}

t.test('keys of our slots are served, those of others moved', async (t) => {
  const { ask } = partner()
  t.equal(ask({ keys: ['foo'] }), 'serve')
  t.equal(ask({ keys: ['bar'] }), `MOVED ${BAR} 10.0.0.9:8001`)
  t.equal(ask({ keys: [] }), 'serve')
})

t.test('keys of two slots are refused, before MOVED and before CLUSTERDOWN', async (t) => {
  const { ask, stage, machine } = partner()
  t.equal(ask({ keys: ['foo', 'bar'] }), "CROSSSLOT Keys in request don't hash to the same slot")
  t.equal(ask({ keys: ['bar', 'foo'] }), "CROSSSLOT Keys in request don't hash to the same slot")
  t.equal(ask({ keys: ['{bar}1', '{bar}2'] }), `MOVED ${BAR} 10.0.0.9:8001`)
  machine.deleteSlots([0])
  stage.effects.push(...machine.drain())
  t.equal(machine.state, 'fail')
  t.equal(ask({ keys: ['foo', 'bar'] }), "CROSSSLOT Keys in request don't hash to the same slot")
})

t.test('an unassigned slot precedes everything', async (t) => {
  const { ask, stage, machine } = partner()
  machine.deleteSlots([FOO])
  stage.effects.push(...machine.drain())
  t.equal(ask({ keys: ['foo', 'bar'] }), 'CLUSTERDOWN Hash slot not served')
  t.equal(ask({ keys: ['foo'] }), 'CLUSTERDOWN Hash slot not served')
})

t.test('a cluster that is down serves what its settings allow', async (t) => {
  const { ask, stage, machine, settings } = partner()
  machine.deleteSlots([0])
  stage.effects.push(...machine.drain())
  t.equal(ask({ keys: ['foo'] }), 'CLUSTERDOWN The cluster is down')
  t.equal(ask({ keys: ['bar'] }), 'CLUSTERDOWN The cluster is down', 'before MOVED')
  t.equal(ask({ keys: ['foo'], isShardedPubSub: true }), 'serve')
  t.equal(ask({ keys: [] }), 'serve')
  settings.allowReadsWhenDown = true
  t.equal(ask({ keys: ['foo'] }), 'serve')
  t.equal(
    ask({ keys: ['foo'], isWrite: true }),
    'CLUSTERDOWN The cluster is down and only accepts read commands',
  )
  settings.allowPubsubShardWhenDown = false
  t.equal(ask({ keys: ['foo'], isShardedPubSub: true }), 'CLUSTERDOWN The cluster is down')
})

t.test('a migrating slot serves what is here and asks elsewhere for the rest', async (t) => {
  const { ask, bot, machine } = partner()
  machine.setSlotMigrating(FOO, bot.id)
  const [a, b] = ['{foo}a', '{foo}b']
  const tryAgain = 'TRYAGAIN Multiple keys request during rehashing of slot'
  t.equal(ask({ keys: [a!], here: [a!] }), 'serve')
  t.equal(ask({ keys: [a!] }), `ASK ${FOO} 10.0.0.9:8001`)
  t.equal(ask({ keys: [a!, b!], here: [a!, b!] }), 'serve')
  t.equal(ask({ keys: [a!, b!], here: [a!] }), tryAgain)
  t.equal(ask({ keys: [a!, b!] }), `ASK ${FOO} 10.0.0.9:8001`)
  t.equal(ask({ keys: [a!], isMigrate: true }), 'serve')
  t.equal(ask({ keys: [a!], isShardedPubSub: true }), 'serve', 'channels stay')
  machine.setSlotMigrating(FOO, machine.myId)
  t.equal(ask({ keys: [a!] }), 'serve', 'nobody is sent where he is')
})

t.test('an importing slot serves those who ask', async (t) => {
  const { ask, bot, machine } = partner()
  machine.setSlotImporting(BAR, bot.id)
  const [a, b] = ['{bar}a', '{bar}b']
  const tryAgain = 'TRYAGAIN Multiple keys request during rehashing of slot'
  const moved = `MOVED ${BAR} 10.0.0.9:8001`
  t.equal(ask({ keys: [a!], here: [a!] }), moved)
  t.equal(ask({ keys: [a!], asking: true }), 'serve', 'a missing key may be created')
  t.equal(ask({ keys: [a!, b!], here: [a!], asking: true }), tryAgain)
  t.equal(ask({ keys: [a!, b!], here: [a!, b!], asking: true }), 'serve')
  t.equal(ask({ keys: [a!, a!], asking: true }), 'serve', 'one key twice is one key')
  t.equal(ask({ keys: [a!], isMigrate: true }), 'serve')
})

t.test('ASKING helps only where a slot is imported', async (t) => {
  const { ask } = partner()
  t.equal(ask({ keys: ['bar'], asking: true }), `MOVED ${BAR} 10.0.0.9:8001`)
})

t.test("a replica serves reads of its master's slots to READONLY clients", async (t) => {
  const { stage, machine } = setStage()
  const master = new Bot(stage, 1).claim(1, range(0, 9999)).join()
  const other = new Bot(stage, 2).claim(2, range(10_000, 16_383)).join()
  machine.replicate(master.id)
  stage.effects.push(...machine.drain())
  t.equal(machine.state, 'ok')
  const ask = (request: Partial<RouteRequest>) =>
    machine.route(requestOf(request))?.message ?? 'serve'
  const moved = `MOVED ${BAR} 10.0.0.9:8001`
  t.equal(ask({ keys: ['bar'] }), moved)
  t.equal(ask({ keys: ['bar'], readonlyMode: true }), 'serve')
  t.equal(ask({ keys: ['bar'], readonlyMode: true, isWrite: true }), moved)
  t.equal(ask({ keys: ['bar'], isShardedPubSub: true }), 'serve', 'without READONLY')
  t.equal(ask({ keys: ['foo'], readonlyMode: true }), `MOVED ${FOO} 10.0.0.9:8002`)
  t.equal(machine.ownerOf(FOO), other.id)
})

t.test('redirections name the endpoint that is preferred', async (t) => {
  const { ask, bot, settings } = partner()
  settings.preferredEndpointType = 'unknown-endpoint'
  t.equal(ask({ keys: ['bar'] }), `MOVED ${BAR} :8001`)
  settings.preferredEndpointType = 'hostname'
  t.equal(ask({ keys: ['bar'] }), `MOVED ${BAR} ?:8001`)
  bot.say({
    type: 'ping',
    header: bot.header,
    gossip: [],
    extensions: [{ type: 'hostname', hostname: 'bar.example' }],
  })
  t.equal(ask({ keys: ['bar'] }), `MOVED ${BAR} bar.example:8001`)
})
