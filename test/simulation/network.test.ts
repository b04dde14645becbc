import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { EventQueue } from './event-queue.ts'
import { type End, type EndListener, type Machine, Network } from './network.ts'

const PORT = 7000

/** Two machines, 1 and 2; 2 listens. */
function pair(jitterMs = 0) {
  const queue = new EventQueue(0)
  const network = new Network(queue, new Random('network'), { delayMs: 5, jitterMs })
  const heard: string[] = []
  const listener = (who: string): EndListener => ({
    opened: () => heard.push(`${who} opened`),
    data: (payload) => heard.push(`${who} ${String(payload)}`),
    closed: (reason) => heard.push(`${who} closed: ${reason}`),
  })
  const accepted: End[] = []
  const machine: Machine & { isPowered: boolean; isListening: boolean } = {
    isPowered: true,
    isListening: true,
    enter: (action: () => void) => action(),
    listensAt: (port: number) => machine.isListening && port === PORT,
    accept: (_port: number, end: End) => {
      end.listener = listener('server')
      accepted.push(end)
    },
  }
  /** What machine 1 has to hear of when it wakes; undefined while it is awake. */
  let missed: (() => void)[] | undefined
  network.settle(1, {
    isPowered: true,
    enter: (action) => (missed === undefined ? action() : missed.push(action)),
    listensAt: () => false,
    accept: () => {},
  })
  const sleep = (): void => {
    missed = []
  }
  const wake = (): void => {
    const actions = missed ?? []
    missed = undefined
    for (const action of actions) action()
  }
  network.settle(2, machine)
  const settle = (ms: number): string[] => {
    const endMs = queue.now + ms
    while (queue.runNext(endMs));
    queue.now = endMs
    return heard.splice(0)
  }
  const connect = () => network.connect(1, 2, PORT, listener('client'))
  return { network, machine, accepted, connect, settle, sleep, wake }
}

t.test('bytes arrive in order, whatever the delays', async (t) => {
  const { connect, settle, accepted } = pair(50)
  const end = connect()
  const words = Array.from({ length: 50 }, (_, i) => String(i))
  for (const word of words) end.send(word)
  const heard = settle(1000)
  t.same(
    heard.filter((line) => line.startsWith('server')),
    words.map((word) => `server ${word}`),
  )
  accepted[0]?.send('answer')
  t.same(settle(1000), ['client answer'])
  t.equal(end.pendingBytes, 0)
})

t.test('a cut holds back one direction and loses nothing', async (t) => {
  const { network, connect, settle, accepted } = pair()
  const end = connect()
  settle(100)
  network.cut(1, 2)
  end.send('late')
  accepted[0]?.send('in time')
  t.same(settle(10_000), ['client in time'])
  t.equal(end.pendingBytes, 4)
  network.heal(1, 2)
  end.send('later')
  t.same(settle(5000), ['server late', 'server later'])
})

t.test('losses of one path add up and let everything through in the end', async (t) => {
  const { network, connect, settle } = pair()
  network.lose(1, 2, 64)
  network.lose(1, 2, 55)
  const end = connect()
  const words = Array.from({ length: 20 }, (_, i) => String(i))
  for (const word of words) end.send(word)
  t.same(
    settle(600_000).filter((line) => line.startsWith('server')),
    words.map((word) => `server ${word}`),
  )
  network.regain(1, 2, 64)
  network.regain(1, 2, 55)
  end.send('at once')
  t.same(settle(5), ['server at once'], 'nothing is lost any more')
  t.throws(() => network.lose(1, 2, 100), /a cut/)
})

t.test('a connection takes both directions to come about', async (t) => {
  for (const [from, to] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const { network, connect, settle } = pair()
    network.cut(from, to)
    connect()
    t.same(settle(10_000), [])
    network.heal(from, to)
    t.same(settle(5000), ['client opened'])
  }
})

t.test('ends: by either side, by a reset, by nobody who listens', async (t) => {
  const { network, machine, connect, settle, accepted } = pair()
  const end = connect()
  settle(100)
  end.close()
  t.same(settle(100), ['server closed: Connection reset by peer'])
  connect()
  settle(100)
  accepted[1]?.close()
  t.same(settle(100), ['client closed: Connection reset by peer'])
  connect()
  settle(100)
  network.reset(1, 2)
  t.same(settle(100), [
    'client closed: Connection reset by peer',
    'server closed: Connection reset by peer',
  ])
  machine.isListening = false
  connect()
  t.same(settle(100), ['client closed: Connection refused'])
  t.same([network.openEnds(1), network.openEnds(2)], [[], []])
})

t.test(
  'a connection that is reset as it begins begins nowhere, though its opener sleeps',
  async (t) => {
    const { network, connect, settle, sleep, wake } = pair()
    connect()
    sleep()
    network.reset(1, 2)
    t.same(settle(100), [])
    wake()
    t.same(settle(100), ['client closed: Connection reset by peer'])
    t.same([network.openEnds(1), network.openEnds(2)], [[], []])
  },
)

t.test(
  'a machine without power says nothing, and knows nothing when it has it again',
  async (t) => {
    const { network, machine, connect, settle } = pair()
    const end = connect()
    settle(100)
    machine.isPowered = false
    network.abandon(2)
    end.send('lost')
    t.same(settle(60_000), [])
    machine.isPowered = true
    network.powerOn(2)
    t.same(settle(5000), ['client closed: Connection reset by peer'])
  },
)
