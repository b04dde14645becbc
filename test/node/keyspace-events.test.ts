/** Events of keys: which are told, on which channels, and when among replies. */
import t from 'tap'
import type { Session } from '../../lib/node/session.ts'
import { NodeCluster } from '../support/node-cluster.ts'
import { NodeHarness } from '../support/node-harness.ts'

/** A node with a client that hears all events, and one that causes them. */
function connect(choice: string): {
  harness: NodeHarness
  client: Session
  heard: () => string[]
} {
  const harness = new NodeHarness({ config: { 'notify-keyspace-events': choice } })
  const [listener, client] = [harness.connect(), harness.connect()]
  harness.type(listener, 'PSUBSCRIBE *')
  const heard = () =>
    [...harness.take(listener).matchAll(/(__key.*)\r\n\$\d+\r\n(.*)\r\n/g)].map(
      ([, channel, payload]) => `${channel} ${payload}`,
    )
  return { harness, client, heard }
}

t.test('by key, by event, by both, by none', async (t) => {
  for (const [choice, expected] of [
    ['K$', ['__keyspace@0__:k set']],
    ['E$', ['__keyevent@0__:set k']],
    ['KEA', ['__keyspace@0__:k set', '__keyevent@0__:set k']],
    ['A', []],
    ['KEg', []],
    ['', []],
  ] as const) {
    const { harness, client, heard } = connect(choice)
    harness.type(client, 'SET k v')
    t.same(heard(), expected, choice)
  }
})

t.test('classes are chosen one by one', async (t) => {
  const { harness, client, heard } = connect('')
  for (const [choice, expected] of [
    ['Eh', ['hset h']],
    ['Eg', ['del k', 'del h', 'expire k']],
    ['E$', ['set k', 'set k']],
    ['Em', ['keymiss none', 'keymiss k']],
    ['En', ['new k', 'new h', 'new k']],
    ['Ex', ['expired k']],
  ] as const) {
    harness.type(client, 'FLUSHALL', `CONFIG SET notify-keyspace-events ${choice}`)
    harness.type(client, 'GET none', 'SET k v', 'HSET h f v', 'DEL k h', 'SET k v', 'EXPIRE k 1')
    harness.clock.now += 2000
    harness.type(client, 'GET k')
    t.same(
      heard(),
      expected.map((event) => `__keyevent@0__:${event}`),
      choice,
    )
  }
})

t.test(
  'an event comes before the reply of its command, in the database it happened in',
  async (t) => {
    const { harness, client } = connect('E$')
    harness.type(client, 'HELLO 3', 'SELECT 3', 'SUBSCRIBE __keyevent@3__:set')
    t.equal(
      harness.type(client, 'SET k v'),
      '>3\r\n$7\r\nmessage\r\n$18\r\n__keyevent@3__:set\r\n$1\r\nk\r\n+OK\r\n',
    )
  },
)

t.test('a key expires without being asked for', async (t) => {
  const { harness, client, heard } = connect('KEx')
  harness.type(client, 'SET k v PX 150')
  harness.pass(100)
  t.same(heard(), [])
  harness.pass(100)
  t.same(heard(), ['__keyspace@0__:k expired', '__keyevent@0__:expired k'])
})

t.test('each node tells its own clients what happens to its own keys', async (t) => {
  const cluster = NodeCluster.start(3, 1, { 'notify-keyspace-events': 'KEA' })
  const listeners = cluster.nodes.map((harness) => harness.connect())
  for (const [i, harness] of cluster.nodes.entries()) {
    harness.type(listeners[i] as Session, 'SUBSCRIBE __keyevent@0__:set')
  }
  const [master] = cluster.nodes as [NodeHarness]
  master.type(master.connect(), 'SET {10} v')
  cluster.pump()
  for (const [i, harness] of cluster.nodes.entries()) {
    const heard = harness.take(listeners[i] as Session)
    if (i % 3 === 0) t.match(heard, /message.*\{10\}/s, 'the master and its replica')
    else t.equal(heard, '', `node ${i}`)
  }
})
